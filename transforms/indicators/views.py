"""Views: records seen together with other records, for the indicators that need more than one.

One ``<name>.yml`` in ``transforms/views``. Its SQL names record kinds in braces, other views, and
relations that the catalogue gives: ``{source}`` (who sends which record since when),
``{calendar}`` (each day with its working-day number), ``{month}`` (the months up to the day
reported), and working time (`transforms.indicators.calendars`). ``CUTOFF`` and ``REPORTED_DAY``
stand for the night, ``INSTANT(us)`` for the instant of that many microseconds since 1970.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import pyarrow as pa
from pydantic import Field

from catalog.declarations import Declaration, declared, load_folder
from catalog.night import Night
from catalog.records import FieldType
from catalog.sources import sources
from catalog.working_days import FIRST, LAST, ordinal
from transforms.indicators.calendars import calendars

FIRST_MONTH = dt.date(2020, 1, 1)


class View(Declaration):
    """What `of` looks like with the columns it `adds`; `streams` are the record kinds that must
    have been reported for its figures to be complete (without any: that of the record). One that
    `is_kept` is worked out once for all that use it, where the engine can keep it."""

    name: str
    about: str
    of: str
    streams: list[str] = Field(default=[])
    is_kept: bool = False
    adds: dict[str, FieldType]
    sql: str


@cache
def views() -> dict[str, View]:
    """Every view by name."""
    return load_folder(declared("transforms/views"), View, "name")


def given_relations(night: Night) -> dict[str, pa.Table]:
    """The relations that views use beside the records."""
    own = {"source": _source(), "calendar": _calendar(), "month": _month(night)}
    return {**own, **calendars()}


def _source() -> pa.Table:
    rows = [
        {"source_id": source.source_id, "record": record, "starts_on": source.starts_on}
        for source in sources().values()
        for record in source.records
    ]
    return pa.Table.from_pylist(rows)


@cache
def _calendar() -> pa.Table:
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    numbers = pa.array([ordinal(day) for day in days], pa.int32())
    return pa.table({"day": pa.array(days), "number": numbers})


def _month(night: Night) -> pa.Table:
    firsts = [FIRST_MONTH]
    while (after := (firsts[-1] + dt.timedelta(days=31)).replace(day=1)) <= night.on:
        firsts.append(after)
    ends = [min(_last_day(first), night.on) for first in firsts]
    return pa.table({"starts_on": firsts, "ends_on": ends})


def _last_day(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
