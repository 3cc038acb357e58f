"""Columns that a source filled for weeks and that have been empty since a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from catalog.records import Record
from catalog.working_days import is_worked
from expectations.outlook import is_unusual

NIGHTS_FILLED = 8
"""Nights alike (offices open or closed) with rows, on which a column was filled before its being
empty says anything: nothing is finished on a Sunday, whatever the software does."""
LEAST_FILLED = 0.2
"""Share of the rows of those nights, all together, in which it was filled."""
CHANCE = 0.001
"""How unlikely it must be that as many rows happen to be without it."""


class Filled(NamedTuple):
    """Of one night: how many rows there were, and in how many each column was filled."""

    on: dt.date
    rows: int
    filled: Mapping[str, int]


def is_given(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which values say something: not null, nor an empty text."""
    given = pc.is_valid(column)
    return pc.and_(given, pc.fill_null(pc.not_equal(column, ""), False)) if _text(column) else given


def _text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type))


def emptied(record: Record, table: pa.Table, on: dt.date, before: Sequence[Filled]) -> str | None:
    """The sent columns that are empty in all rows of `table` and since a night on which that was no
    chance, as one text; `before` are the nights with rows, oldest first. None where there is none.

    A night that can tell nothing, as a Sunday, leaves a column as the nights before left it.
    """
    nights = [*before, Filled(on, table.num_rows, {})]
    usual = [night for night in nights if not is_unusual(night.on)]
    alike = [
        [night for night in usual if is_worked(night.on) == worked] for worked in (True, False)
    ]
    found = [
        name
        for name in record.sent_fields
        if any(_is_missed(name, kind, _last(name, before)) for kind in alike)
        and not _count(table[name])
    ]
    return ", ".join(found) or None


def _last(name: str, before: Sequence[Filled]) -> dt.date:
    return max((night.on for night in before if night.filled.get(name)), default=dt.date.min)


def _count(column: pa.ChunkedArray) -> int:
    return pc.sum(is_given(column)).as_py() or 0


def _is_missed(name: str, alike: Sequence[Filled], last: dt.date) -> bool:
    """Whether nights alike filled the column through `last`, and were not without it since by
    chance."""
    until = [night for night in alike if night.on <= last][-NIGHTS_FILLED:]
    rows = sum(night.rows for night in alike if night.on > last)
    return len(until) == NIGHTS_FILLED and _is_no_chance(name, until, rows)


def _is_no_chance(name: str, until: Sequence[Filled], rows: int) -> bool:
    """Whether every one of those nights filled the column, so often that none of `rows` rows
    with it is no chance."""
    filled = [night.filled.get(name, 0) for night in until]
    share = sum(filled) / sum(night.rows for night in until)
    return all(filled) and share >= LEAST_FILLED and (1 - share) ** rows < CHANCE
