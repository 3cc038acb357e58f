"""Correction notices: published figures that moved by more than their indicator tolerates.

Of a final figure every move counts. Of a provisional one, only of the nation and the provinces and
only what open cases going on does not explain: that is what provisional means. Days are left out:
their figures are small, and they are in those of their month.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa

from catalog import written
from catalog.codelists import name_of
from catalog.night import Night
from catalog.written import Language
from publication.names import area_name, known
from transforms.indicators import Indicator, indicators

FIGURE = ("indicator", "borders", "area", "period")
LEVELS = ("nation", "province")
BORDERS = "34"
"""Figures on other borders are of the same rows: nobody is told twice."""
Revision = dict[str, Any]

WORDS: dict[Language, dict[str, str]] = {
    "vi": {
        "title": "ĐÍNH CHÍNH SỐ LIỆU, bản {release} (so với bản {previous})",
        "none": "không còn công bố",
        "line": "- {name}, {area}, {period}: trước đây {before}, nay {after}. Lý do: {causes}.",
    },
    "en": {
        "title": "CORRECTIONS, release {release} (compared with {previous})",
        "none": "no longer published",
        "line": "- {name}, {area}, {period}: was {before}, now {after}. Cause: {causes}.",
    },
}


def corrections(revisions: pa.Table, final: pa.Table) -> list[list[Revision]]:
    """The figures that a notice is due for, as the rows of their causes in order: VN first, then
    by indicator. `final` are the observations of the release before."""
    settled = {
        tuple(row[name] for name in FIGURE)
        for row in final.select([*FIGURE, "status"]).to_pylist()
        if row["status"] == "final"
    }
    ordered = sorted(revisions.to_pylist(), key=_figure)
    figures = [list(rows) for _, rows in groupby(ordered, _figure)]
    found = [rows for rows in figures if _is_due(rows, _figure(rows[0]) in settled)]
    return sorted(found, key=lambda rows: (rows[0]["level"] != "nation", _figure(rows[0])))


def _figure(row: Revision) -> tuple[str, ...]:
    return tuple(row[name] for name in FIGURE)


def _is_due(rows: list[Revision], is_final: bool) -> bool:
    first, last = rows[0], rows[-1]
    indicator = indicators().get(first["indicator"])
    if indicator is None or first["value_before"] is None or first["period_type"] == "day":
        return False
    if first["borders"] != BORDERS or (not is_final and first["level"] not in LEVELS):
        return False
    if last["value_after"] is None:
        return True
    moved = [row for row in rows if is_final or row["cause"] != "progress"]
    return _size(indicator, first["value_before"], moved) > indicator.tolerance


def _size(indicator: Indicator, before: float, rows: list[Revision]) -> float:
    """How far the figure moved: of a share or a score the difference, else by which part of it."""
    steps = ((row["value_before"] or 0.0, row["value_after"] or 0.0) for row in rows)
    moved: float = abs(sum(after - before for before, after in steps))
    if indicator.unit in ("share", "score") or before == 0:
        return moved
    return moved / abs(before)


def notice(found: list[list[Revision]], night: Night, language: Language) -> str:
    """The text of the notices, one line a figure; empty where there is none."""
    if not found:
        return ""
    first, words = found[0][0], WORDS[language]
    title = words["title"].format(release=first["release"], previous=first["previous"])
    return "\n".join([title, written.day(night.on, language), "", *_lines(found, language), ""])


def _lines(found: list[list[Revision]], language: Language) -> Iterator[str]:
    words = WORDS[language]
    for rows in found:
        first, last = rows[0], rows[-1]
        indicator, area = indicators()[first["indicator"]], first["area"]
        causes = [name_of("revision_cause", row["cause"], f"name_{language}") for row in rows]
        before, after = (
            words["none"] if value is None else written.value(value, indicator.unit, language)
            for value in (first["value_before"], last["value_after"])
        )
        yield words["line"].format(
            name=indicator.name_vi if language == "vi" else indicator.name_en,
            area=area_name(area, language) if area in known() else area,
            period=written.period(first["period"], language),
            before=before,
            after=after,
            causes="; ".join(causes),
        )
