"""The figures of one indicator and one area over time, as tables and charts show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalog import written
from catalog.written import Language
from publication.charts.points import Point
from publication.names import code_name
from publication.release import Figure, Release, has_ended
from publication.words import say


class Row(NamedTuple):
    """A figure, and whether its period is over."""

    figure: Figure
    is_over: bool


def history(release: Release, indicator: str, area: str, period_type: str = "") -> list[Row]:
    """Its figures by period, the newest first; by default of the shortest that people are shown."""
    kind = period_type or release.period_type(indicator)
    known = release.figures(indicator, area, kind)
    on = release.night.on
    return [Row(figure, has_ended(figure.period, on)) for figure in reversed(known)]


def shown(release: Release, indicator: str, area: str) -> Row | None:
    """The newest figure of a period that is over; where no period is, the newest there is."""
    rows = history(release, indicator, area)
    return next((row for row in rows if row.is_over), rows[0] if rows else None)


def points(rows: Sequence[Row], unit: str, language: Language) -> list[Point]:
    """The periods that are over, oldest first, for a chart: one under way lacks days, so it does
    not compare."""
    return [
        Point(
            written.period(figure.period, language),
            figure.value,
            told(figure, unit, language),
            figure.status == "provisional",
            written.short_period(figure.period, language),
        )
        for figure, is_over in reversed(rows)
        if is_over
    ]


def told(figure: Figure, unit: str, language: Language) -> str:
    """A figure with what is to be known of it: ``81,3 % (tạm tính)``, or why there is none."""
    if figure.value is None:
        return code_name("no_value", figure.reason, language)
    text = written.value(figure.value, unit, language)
    return text + (f" ({say('site.of_provisional', language)})" if _provisional(figure) else "")


def _provisional(figure: Figure) -> bool:
    return figure.status == "provisional"


def trend(charted: Sequence[Point], language: Language) -> str:
    """What a sparkline says in words: from where to where."""
    known = [point for point in charted if point.value is not None]
    if not known:
        return ""
    first, last = known[0], known[-1]
    return say(
        "charts.trend", language, first=first.label, from_=first.text, last=last.label, to=last.text
    )
