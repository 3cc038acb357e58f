"""Columns that a source filled for weeks and that are suddenly empty."""

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
    """The sent columns that are empty in all rows of `table` and were not `before` (the nights with
    rows, oldest first), as one text; None where there is none, too little to tell, or no usual
    day."""
    alike = [night for night in before if is_worked(night.on) == is_worked(on)]
    recent = [night for night in alike if not is_unusual(night.on)][-NIGHTS_FILLED:]
    if not table.num_rows or len(recent) < NIGHTS_FILLED or is_unusual(on):
        return None
    found = [
        name
        for name in record.sent_fields
        if _was_filled(name, recent, table.num_rows) and not _count(table[name])
    ]
    return ", ".join(found) or None


def _count(column: pa.ChunkedArray) -> int:
    return pc.sum(is_given(column)).as_py() or 0


def _was_filled(name: str, recent: Sequence[Filled], rows: int) -> bool:
    """Whether every one of those nights filled the column, so often that none of `rows` rows
    with it is no chance."""
    filled = [night.filled.get(name, 0) for night in recent]
    share = sum(filled) / sum(night.rows for night in recent)
    return all(filled) and share >= LEAST_FILLED and (1 - share) ** rows < CHANCE
