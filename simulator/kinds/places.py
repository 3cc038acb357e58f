"""Areas and people as the national systems speak of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from catalog.areas import areas, areas_of
from catalog.identifiers import DECISION_20
from catalog.sources import Source
from simulator.births import FAMILY, GIVEN, MIDDLE
from simulator.clock import ONE_DAY
from simulator.habits import USUAL_MILLIONS, millions

if TYPE_CHECKING:
    from simulator.nation import Nation

ELSEWHERE = 2.5
"""Millions of inhabitants of an area that ``population.csv`` does not list."""
UNITS = 9
"""How many units of an area citizens have to do with; each is in the register of agencies."""


def places(source: Source) -> list[str]:
    """The areas of a source whose units can be named: those with an electronic code."""
    return [area for area in areas_of(source) if DECISION_20.match(area)]


def area_days(
    nation: Nation, source: Source, since: dt.date, through: dt.date
) -> Iterator[tuple[str, dt.date]]:
    """Each area of a source with each day of the nation from `since` through `through`."""
    for area in places(source):
        day = max(nation.opens_on, since)
        while day <= through:
            yield area, day
            day += ONE_DAY


def is_province(area: str) -> bool:
    return areas()[area].kind == "province"


def inhabitants(area: str) -> float:
    """Millions of people whom an area serves."""
    return millions().get(area, ELSEWHERE)


def size(area: str) -> float:
    """How much work an area has, relative to the usual province."""
    return math.sqrt(inhabitants(area) / USUAL_MILLIONS)


def unit(area: str, rng: Random) -> str:
    """The code of one of the area's units."""
    return f"{area}.{rng.randint(1, UNITS):02d}"


def citizen(rng: Random) -> str:
    """An invented name."""
    return " ".join(rng.choice(words) for words in (FAMILY, MIDDLE, GIVEN))


def telephone(rng: Random) -> str:
    """A number that no network has given out."""
    return f"0000{rng.randrange(10**6):06d}"
