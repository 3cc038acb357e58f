"""The record kinds that the nation knows: one module here for each, found by its file name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, cast

from catalog.sources import Source

if TYPE_CHECKING:
    from simulator.nation import Nation


class State(NamedTuple):
    """How `subject` stands since `at`; `code` is its key and breaks ties in the feed's order."""

    at: dt.datetime
    code: str
    subject: Any
    state: Any


class Case(NamedTuple):
    """A share of the truth: what `indicator` counts for `area` at the local time `at`.

    A stock is what there was on the day of `at`: of a period only its last stated day counts; all
    else is added up. `grain` is the finest period that is told; with a `period` only that one is.
    `area` may be a province merged away in 2025 whose code the unit still bears.
    """

    indicator: str
    area: str
    at: dt.datetime
    numerator: int
    denominator: int = 1
    is_stock: bool = False
    grain: Literal["month", "quarter", "year"] = "month"
    period: str = ""


class Kind(Protocol):
    """What a module in this folder offers. Times are local, without offset."""

    def states(
        self, nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
    ) -> Iterator[State]:
        """For each key whose last change t before `until` satisfies since <= t, its state then."""

    def row(self, subject: Any, state: Any) -> dict[str, Any]:
        """The canonical row of docs/architecture.md."""

    def cases(self, nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
        """What this record kind of this source adds to the truth known before `cutoff`."""


@cache
def kind(record: str) -> Kind:
    """The module of one record kind."""
    return cast(Kind, import_module(f"{__name__}.{record}"))
