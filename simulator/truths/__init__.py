"""What is true beyond one record kind: one module here for each family of indicators, found by its
file name. Plain Python that knows neither the wire format nor any SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from catalog.sources import Source
from simulator.kinds import Case

if TYPE_CHECKING:
    from simulator.nation import Nation


class Family(Protocol):
    """What a module in this folder offers. Times are local, without offset."""

    def cases(self, nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
        """What `source`, whichever records it sends, adds to the truth known before `cutoff`."""


@cache
def families() -> tuple[Family, ...]:
    """Every module of this folder."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(cast(Family, import_module(f"{__name__}.{name}")) for name in names)
