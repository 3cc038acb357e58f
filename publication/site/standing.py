"""Provinces and ministries side by side in one period of one indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalog.areas import NATION
from publication.charts.bar import bar
from publication.charts.scale import reach
from publication.release import Figure
from publication.site.history import shown
from publication.site.model import Site
from publication.site.places import Place, places

KINDS = ("province", "ministry")


class Line(NamedTuple):
    """An area, its place and its bar."""

    place: Place
    bar: str


class Standing(NamedTuple):
    """One kind of areas in a period; `has_ranks` and `has_intervals` say what any of them has."""

    kind: str
    period: str
    is_over: bool
    has_ranks: bool
    has_intervals: bool
    lines: list[Line]


def standings(site: Site, indicator: str) -> list[Standing]:
    """Of each kind, in the newest period that is over of any of its areas; where none is, in the
    newest there is. The best first; where areas are not ranked, in the official order."""
    return [made for kind in KINDS if (made := _standing(site, indicator, kind))]


def _standing(site: Site, indicator: str, kind: str) -> Standing | None:
    rows = [shown(site.release, indicator, area.code) for area in site.of_kind(kind)]
    known = [row for row in rows if row]
    if not known:
        return None
    newest = max(known, key=lambda row: (row.is_over, row.figure.period))
    period = newest.figure.period
    figures = [row.figure for row in known if row.figure.period == period]
    ranked = places(site.release).get((indicator, period, kind))
    listed = ranked or [_unranked(figure) for figure in figures]
    return Standing(
        kind, period, newest.is_over,
        any(place.rank for place in listed),
        any(place.low is not None for place in listed),
        _drawn(listed, _nation(site, indicator, period)),
    )  # fmt: skip


def _nation(site: Site, indicator: str, period: str) -> float | None:
    """Its value where it compares: of a share or a score, not of a count."""
    if site.release.catalogue[indicator]["unit"] == "count":
        return None
    kind = site.release.period_type(indicator)
    known = site.release.figures(indicator, NATION, kind)
    return next((figure.value for figure in known if figure.period == period), None)


def _unranked(figure: Figure) -> Place:
    return Place(
        figure.area, None, None, "", figure.value, None, None, figure.numerator,
        figure.denominator, figure.coverage, figure.reason,
    )  # fmt: skip


def _drawn(listed: Sequence[Place], nation: float | None) -> list[Line]:
    highs = (place.high for place in listed)
    found = reach((place.value for place in listed), nation, *highs)
    greatest = found[1] if found else 0
    return [Line(place, _bar(place, greatest, nation)) for place in listed]


def _bar(place: Place, greatest: float, nation: float | None) -> str:
    has = place.low is not None and place.high is not None
    return bar(place.value, greatest, (place.low or 0, place.high or 0) if has else None, nation)
