"""The table of headline figures of the nation."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from catalog import written
from catalog.areas import NATION
from catalog.finality import ends_on
from catalog.written import Language
from publication.bulletin.month import before, headlines, of_period
from publication.names import code_name
from publication.release import Figure, Release, has_ended
from publication.words import say

VERDICTS = ("better", "worse", "same", "not_compared")
TREND = 13
"""A year and the same month a year ago."""


def headline(release: Release, month: str, language: Language) -> dict[str, Any]:
    """What the table says: `columns` and `rows`, and the `cards` above it."""
    names = ("indicator", "now", "before", "change", "trend", "target", "coverage", "status")
    rows = [_row(release, entry, month, language) for entry in headlines(release)]
    return {
        "title": say("bulletin.headline", language),
        "columns": [say(f"bulletin.column_{name}", language) for name in names],
        "rows": rows,
        "cards": cards(rows, language),
    }


def cards(rows: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """How many figures got better or worse, and how many of those with a target meet it."""
    verdicts = Counter(row["verdict"] or "not_compared" for row in rows)
    counted = [(kind, written.count(verdicts[kind], language)) for kind in VERDICTS]
    met = Counter(row["is_met"] for row in rows)
    counted.append(("targets", f"{met[True]}/{met[True] + met[False]}"))
    return [
        {"kind": kind, "number": number, "text": say(f"bulletin.card_{kind}", language)}
        for kind, number in counted
    ]


def _row(
    release: Release, entry: Mapping[str, Any], month: str, language: Language
) -> dict[str, Any]:
    now = of_period(release, entry["code"], NATION, month)
    old = before(release, now) if now else None
    moved = Move(release, entry, now, old)
    return {
        "name": entry[f"name_{language}"],
        "period": _period(release, now, month, language),
        "now": _value(now, entry, language),
        "before": _value(old, entry, language),
        "before_note": _why(old, language),
        "change": moved.text(language),
        "verdict": moved.verdict,
        "verdict_text": say(f"bulletin.{moved.verdict}", language) if moved.verdict else "",
        "trend": _trend(release, now),
        **_target(entry, now, month, language),
        "coverage": written.share(now.coverage if now else None, language),
        "status": status(now, language),
        "is_withheld": now is None or now.value is None,
    }


def _trend(release: Release, now: Figure | None) -> list[float | None]:
    """The values of the last periods through this one."""
    if now is None:
        return []
    known = release.figures(now.indicator, now.area, now.period_type)
    return [figure.value for figure in known if figure.period <= now.period][-TREND:]


def _period(release: Release, now: Figure | None, month: str, language: Language) -> str:
    """What the row says of its period where it is not the month itself."""
    if now is None or now.period == month:
        return ""
    name = written.period(now.period, language)
    ended = has_ended(now.period, release.night.on)
    return name if ended else say("bulletin.so_far", language, period=name)


def _value(figure: Figure | None, entry: Mapping[str, Any], language: Language) -> str:
    return written.value(figure.value if figure else None, entry["unit"], language)


def _why(figure: Figure | None, language: Language) -> str:
    return code_name("no_value", figure.reason, language) if figure and figure.reason else ""


def status(figure: Figure | None, language: Language) -> str:
    """Provisional or final, or why there is no number."""
    if figure is None:
        return say("bulletin.no_figure", language)
    return _why(figure, language) or say(f"bulletin.status_{figure.status}", language)


def is_written_zero(text: str) -> bool:
    """Whether a change is so small that what is written of it is nought."""
    return not any(digit in text for digit in "123456789")


class Move(NamedTuple):
    """How a figure moved from the period before; of periods that have ended alone."""

    release: Release
    entry: Mapping[str, Any]
    now: Figure | None
    old: Figure | None

    def text(self, language: Language) -> str:
        return written.change(self.size, self.entry["unit"], language)

    @property
    def size(self) -> float | None:
        now, old = self.now, self.old
        if now is None or old is None or now.value is None or old.value is None:
            return None
        return now.value - old.value if has_ended(now.period, self.release.night.on) else None

    @property
    def verdict(self) -> str:
        """Whether it is better or worse, as far as one can see from what is written."""
        if self.size is None:
            return ""
        if is_written_zero(self.text("en")):
            return "same"
        is_up = self.size > 0
        return "better" if is_up == (self.entry["direction"] == "higher_better") else "worse"


def _target(
    entry: Mapping[str, Any], now: Figure | None, month: str, language: Language
) -> dict[str, Any]:
    """The target in force: the next that is due, else the last that was."""
    last = ends_on(month)
    found = sorted(entry["targets"], key=lambda target: str(target["by"]))
    due = [one for one in found if last and dt.date.fromisoformat(one["by"]) >= last]
    target = (due or found[-1:] or [None])[0]
    if target is None:
        return {"target": written.NONE, "met": "", "is_met": None}
    met = _met(entry, now, target["value"])
    return {
        "target": written.value(target["value"], entry["unit"], language),
        "met": "" if met is None else say(f"bulletin.{'met' if met else 'not_met'}", language),
        "is_met": met,
    }


def _met(entry: Mapping[str, Any], now: Figure | None, target: float) -> bool | None:
    if now is None or now.value is None:
        return None
    return now.value >= target if entry["direction"] == "higher_better" else now.value <= target
