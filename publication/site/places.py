"""Where areas stand among their peers: the table `ranking` on today's borders."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from publication.release import Release
from publication.site.history import shown

COLUMNS = ("area", "rank", "tied_with", "tier", "value", "low", "high", "numerator", "denominator",
           "coverage", "reason")  # fmt: skip
Kind = str
"""province or ministry."""


class Place(NamedTuple):
    """One area's place; `rank` is None where it has none, for `reason`."""

    area: str
    rank: int | None
    tied_with: int | None
    tier: str
    value: float | None
    low: float | None
    high: float | None
    numerator: int | None
    denominator: int | None
    coverage: float | None
    reason: str


@lru_cache(maxsize=2)
def places(release: Release) -> dict[tuple[str, str, Kind], list[Place]]:
    """By indicator, period and kind, the best first, of every period that a page shows."""
    rows = release.table("ranking")
    periods = pa.array(sorted(_periods(release)), pa.string())
    kept = pc.and_(pc.equal(rows["borders"], "34"), pc.is_in(rows["period"], periods))
    rows = rows.filter(kept)
    keys = zip(*(rows[name].to_pylist() for name in ("indicator", "period", "kind")), strict=True)
    found: dict[tuple[str, str, Kind], list[Place]] = {}
    places = map(Place, *(rows[name].to_pylist() for name in COLUMNS))
    for key, place in zip(keys, places, strict=True):
        found.setdefault(key, []).append(place)
    return found


def _periods(release: Release) -> set[str]:
    known = (shown(release, *key) for key in release.told_of)
    return {row.figure.period for row in known if row}


@lru_cache(maxsize=2)
def _by_area(release: Release) -> dict[tuple[str, str, str], tuple[Place, int]]:
    return {
        (indicator, period, place.area): (place, sum(p.rank is not None for p in listed))
        for (indicator, period, _), listed in places(release).items()
        for place in listed
    }


def place_of(release: Release, indicator: str, period: str, area: str) -> tuple[Place, int] | None:
    """An area's place in a period, and among how many that have one."""
    return _by_area(release).get((indicator, period, area))
