"""A read-only view that a source opens to us in its own database, by SQLAlchemy.

The contract of the view, named by ``views`` in the source's file, else ``motcua_<record>``:

- One row for each change of a record, never altered or removed later. A view that only shows the
  current state also works; then a night can not be repeated as of its own cut-off.
- ``record_key`` names the record: text of at most 1,000 bytes, or a whole number. ``updated_at`` is
  when the change was made: local wall-clock time, or with a zone where the server compares it
  rightly (timestamptz in PostgreSQL, TIMESTAMP in MySQL and MariaDB); no finer than a microsecond.
  An index on both makes a page cheap.
- All other columns are snake_case, in the words of the dialect. No binary columns.
- The view for ``dossier_key`` has ``received_at`` as well, and a row for each dossier still held.

A delivery is the changes with since <= updated_at < until: since is `look_back` minutes before the
cursor, as sources commit late, and until is the night's cut-off. Rows are asked for by the last
(updated_at, record_key), and all pages see one snapshot where the server has snapshots; after a
lost connection the next page comes from a new one, and what a late commit put behind it comes with
the next look-back. Rows that no span would ever find, without key or without a time, come on a page
of their own each night, for conform to turn away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from catalog.errors import DeclarationError, SchemaDrift
from catalog.night import LOCAL_ZONE, Night
from catalog.settings import settings
from catalog.sources import Source
from extractors.delivery import Page
from extractors.views.page import Cut, Cutter, Opened
from extractors.views.session import ViewSession
from extractors.views.statement import KEY, Place, Span, ViewStatement
from extractors.web import again

NEEDS = ("url",)
Rows = Sequence[sa.Row[Any]]


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since `cursor` (an ISO local time; the first time: since
    `history_days` before the cut-off), or of the dossiers received in the month `cursor`."""
    span = _span(source, record, night, cursor)
    cursor_after = cursor if record == "dossier_key" else span.until.isoformat()
    with closing(ViewSession(source)) as session:
        reading = _Reading(source, session, source.views.get(record, f"motcua_{record}"), span)
        for number, (cut, attempts) in enumerate(reading.cuts(), start=1):
            request = f"{reading.request}&page={number}"
            yield Page(number, cut.content, cut.rows, request, attempts, cursor_after)


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """One dict for each row, of strings and None."""
    page = msgspec.json.decode(content, type=Opened)
    for row in page.rows:
        yield dict(zip(page.columns, row, strict=True))


class _Reading:
    """One delivery of one view."""

    def __init__(self, source: Source, session: ViewSession, view: str, span: Span) -> None:
        self._source, self._session, self._view, self._span = source, session, view, span
        since, until = span.since.isoformat(), span.until.isoformat()
        self.request = f"{session.address}#{view}?since={since}&until={until}"

    def cuts(self) -> Iterator[tuple[Cut, int]]:
        """The pages in order, each with how often it was asked for: at least one."""
        statement = self._statement()
        cutter = Cutter(self._source, statement.columns)
        after: Place | None = None
        while True:
            cut, attempts = self._taken(partial(cutter.cut, before=after), statement.page(after))
            yield cut, attempts
            after = cut.after
            if after is None:
                break
        cut, attempts = self._taken(cutter.whole, statement.strays())
        if cut.rows:
            yield cut, attempts

    def _taken(self, cut: Callable[[Rows], Cut], select: sa.Select[Any]) -> tuple[Cut, int]:
        for attempt in again(self._source):
            with attempt:
                taken = cut(self._session.rows(select))
        return taken, attempt.num

    def _statement(self) -> ViewStatement:
        schema, _, name = self._view.rpartition(".")
        for attempt in again(self._source):
            with attempt:
                columns = self._session.columns(sa.table(name, schema=schema or None))
        for needed in (self._span.clock, KEY):
            if needed not in columns:
                problem = f"{self._view} has no column {needed}"
                raise SchemaDrift(self._source.source_id, problem)
        database, source = self._session.database, self._source
        limits = (source.page_size, source.max_page_bytes)
        return ViewStatement(database, self._view, columns, self._span, *limits)


def _span(source: Source, record: str, night: Night, cursor: str) -> Span:
    cutoff = night.cutoff.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    try:
        if record == "dossier_key":
            month = dt.datetime.strptime(cursor, "%Y-%m")
            after = (month + dt.timedelta(days=32)).replace(day=1)
            return Span("received_at", month, min(after, cutoff))
        if cursor:
            since = dt.datetime.fromisoformat(cursor) - dt.timedelta(minutes=source.look_back)
            return Span("updated_at", since, cutoff)
    except ValueError:
        raise DeclarationError(f"{source.source_id}.yml", f"no cursor of {record}") from None
    return Span("updated_at", cutoff - dt.timedelta(days=settings().history_days), cutoff)
