"""The largest changes of the nation's headline figures, and how much of each is real."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from catalog import written
from catalog.written import Language
from publication.bulletin.headline import is_written_zero
from publication.bulletin.month import headlines, monthly
from publication.release import Release
from publication.words import say

Change = Mapping[str, Any]


def movers(release: Release, month: str, language: Language) -> dict[str, Any]:
    """The changes of the month, the largest first, each with its real part and that of who
    reported."""
    by_code = {entry["code"]: entry for entry in monthly(release)}
    found = sorted(_changes(release, month), key=lambda row: _size(row, by_code), reverse=True)
    told = (_mover(row, by_code[row["indicator"]], language) for row in found)
    return {
        "title": say("bulletin.movers", language),
        "note": say("bulletin.movers_note", language),
        "none": say("bulletin.movers_none", language),
        "rows": [mover for mover in told if not all(map(is_written_zero, mover["texts"]))],
        "labels": {part: say(f"bulletin.part_{part}", language) for part in ("real", "reporters")},
    }


def _changes(release: Release, month: str) -> list[Change]:
    """Those of which at least one part is known."""
    rows = release.table("change")
    codes = [entry["code"] for entry in headlines(release)]
    rows = rows.filter(
        (pc.field("period") == month)
        & (pc.field("borders") == "34")
        & pc.field("indicator").isin(codes)
    )
    return [row for row in rows.to_pylist() if row["change"] is not None or row["real"] is not None]


def _size(row: Change, by_code: Mapping[str, Any]) -> tuple[bool, float, str]:
    """How large a change is among indicators of other units: points of a hundred, or the part of
    what there was before. One that is not known stands last."""
    unit, change = by_code[row["indicator"]]["unit"], row["change"]
    if change is None:
        return (False, abs(float(row["real"])), row["indicator"])
    scale = {"share": 1.0, "score": 100.0}.get(unit) or abs(float(row["value_before"])) or 1.0
    return (True, abs(float(change)) / scale, row["indicator"])


def _mover(row: Change, entry: Mapping[str, Any], language: Language) -> dict[str, Any]:
    parts = {name: _number(row[name]) for name in ("change", "real", "reporters")}
    texts = {name: written.change(part, entry["unit"], language) for name, part in parts.items()}
    return {
        "name": entry[f"name_{language}"],
        "change": texts["change"],
        "values": _values(row, entry, language),
        "text": say(f"bulletin.{_story(parts)}", language, **texts, **_counts(row, language)),
        "parts": [parts["real"], parts["reporters"]] if None not in parts.values() else [],
        "texts": [texts["change"], texts["real"], texts["reporters"]],
    }


def _number(part: Any) -> float | None:
    return None if part is None else float(part)


def _values(row: Change, entry: Mapping[str, Any], language: Language) -> str:
    now, before = _number(row["value"]), _number(row["value_before"])
    if now is None or before is None:
        return ""
    return say(
        "bulletin.from_to",
        language,
        before=written.value(before, entry["unit"], language),
        now=written.value(now, entry["unit"], language),
    )


def _story(parts: Mapping[str, float | None]) -> str:
    if parts["change"] is None:
        return "only_matched"
    if parts["real"] is None:
        return "no_matched"
    return "all_real" if not parts["reporters"] else "two_parts"


def _counts(row: Change, language: Language) -> dict[str, str]:
    names = ("matched", "only_before", "only_now")
    return {name: written.count(row[name], language) for name in names}
