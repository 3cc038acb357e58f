"""The statements that read one page of a view, in words that every server has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.types import NullType

from extractors.views.databases import Database

KEY = "record_key"
LONGEST_KEY = 1000
BEGINNING, END = "1970-01-01T00:00:00", "9999-01-01T00:00:00"
SIZE, SO_FAR, AT, CODE = "motcua_size", "motcua_so_far", "motcua_at", "motcua_key"


class Place(NamedTuple):
    """Where a page ends: the time and the key of its last row, as the server gave them."""

    at: str
    key: Any


class Span(NamedTuple):
    """Rows with since <= `clock` < until; local times."""

    clock: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class ViewStatement:
    """Statements on the view `name` (``schema.view``) of `columns`: at most one row more than
    `rows`, and of those only what stays within `size` bytes."""

    database: Database
    name: str
    columns: Sequence[str]
    span: Span
    rows: int
    size: int

    def page(self, after: Place | None) -> sa.Select[Any]:
        """The rows of the span that follow `after`, in order."""
        clock, key = _column(self.span.clock), _column(KEY)
        moment = self.database.moment
        since = after.at if after else self.span.since.isoformat()
        wanted = [*self._within(since), key.is_not(None)]
        if after:
            # Row values without row values: SQL Server and Oracle have no (a, b) > (c, d).
            wanted.append(sa.or_(clock > moment(after.at), key > sa.literal(after.key, NullType())))
        return self._select(sa.and_(*wanted))

    def strays(self) -> sa.Select[Any]:
        """The rows that no span ever finds: without key, and of changes those without a time or
        outside of all time (0000-00-00, infinity)."""
        clock, key = _column(self.span.clock), _column(KEY)
        moment = self.database.moment
        lost = [sa.and_(*self._within(self.span.since.isoformat()), key.is_(None))]
        if self.span.clock == "updated_at":
            lost += [clock.is_(None), clock < moment(BEGINNING), clock >= moment(END)]
        return self._select(sa.or_(*lost))

    def _within(self, since: str) -> list[sa.ColumnElement[bool]]:
        clock, moment = _column(self.span.clock), self.database.moment
        return [clock >= moment(since), clock < moment(self.span.until.isoformat())]

    def _select(self, wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """The server itself adds up the sizes and leaves out what lies beyond the limit, so that
        no page can fill our memory, whatever its rows hold."""
        inner = self._sized(wanted).subquery("p")
        order = [inner.c[self.span.clock], inner.c[KEY]]
        total = sa.func.sum(inner.c[SIZE]).over(order_by=order, rows=(None, 0))
        outer = sa.select(*inner.c, total.label(SO_FAR)).subquery("q")
        clock, key, so_far = outer.c[self.span.clock], outer.c[KEY], outer.c[SO_FAR]
        limit: sa.ColumnElement[int] = sa.literal_column(str(self.size))
        cell, short = self.database.cell, self.database.size(key) <= LONGEST_KEY
        cells = [sa.case((so_far <= limit, cell(outer.c[n]))).label(n) for n in self.columns]
        marks = [cell(clock).label(AT), sa.case((short, cell(key))).label(CODE)]
        return sa.select(*cells, so_far, *marks).order_by(clock, key, so_far)

    def _sized(self, wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
        columns = [_column(name) for name in self.columns]
        sizes = [sa.cast(self.database.size(column), sa.BigInteger) for column in columns]
        size = reduce(add, (sa.func.coalesce(size, sa.literal_column("0")) for size in sizes))
        schema, _, name = self.name.rpartition(".")
        return (
            sa.select(*columns, size.label(SIZE))
            .select_from(sa.table(name, schema=schema or None))
            .where(wanted)
            .order_by(_column(self.span.clock), _column(KEY))
            .limit(self.rows + 1)
        )


def _column(name: str) -> sa.ColumnElement[Any]:
    return sa.column(name)
