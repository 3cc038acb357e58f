"""The ledger: what became of every row, and where each source is to be asked from next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.night import Night
from catalog.outcomes import LedgerRow
from warehouse.tables.ops import ledger
from warehouse.tables.replay import replay

STAGES = ("collect", "conform", "judge", "merge")
KEY = ("batch_id", "stage")


def write(connection: sa.Connection, rows: Iterable[LedgerRow]) -> int:
    """Write or replace rows and return how many changed. Sorted, so that writers never lock each
    other in a circle."""
    ordered = sorted(rows, key=lambda row: (row.batch_id, row.stage))
    return sum(connection.execute(_upsert(row)).rowcount for row in ordered)


def read(
    connection: sa.Connection, on: dt.date | None, source_id: str | None
) -> list[dict[str, Any]]:
    """Rows as `LedgerRow` has them, by night, source, record and stage."""
    query = sa.select(ledger)
    if on is not None:
        query = query.where(ledger.c.batch_on == on)
    if source_id is not None:
        query = query.where(ledger.c.source_id == source_id)
    order = sa.func.array_position(sa.cast(STAGES, sa.ARRAY(sa.Text())), ledger.c.stage)
    query = query.order_by(ledger.c.batch_on, ledger.c.source_id, ledger.c.record, order)
    rows = connection.execute(query).mappings()
    return [{**row, "batch_on": row["batch_on"].isoformat()} for row in rows]


def cursor(connection: sa.Connection, source_id: str, record: str, before: Night) -> str:
    """Where the newest merged batch before that night ended; empty when there is none."""
    query = _merged(source_id, record, before, ledger.c.cursor_after)
    query = query.where(ledger.c.batch_on < before.on)
    return connection.scalar(query.order_by(ledger.c.batch_on.desc()).limit(1)) or ""


def history(
    connection: sa.Connection, source_id: str, record: str, before: Night
) -> list[tuple[dt.date, int]]:
    """(night, rows received) of the merged nights before that one, oldest first; the first is the
    initial load."""
    merged = _merged(source_id, record, before, ledger.c.batch_id)
    query = sa.select(ledger.c.batch_on, ledger.c.received).where(
        ledger.c.stage == "conform", ledger.c.batch_on < before.on, ledger.c.batch_id.in_(merged)
    )
    rows = connection.execute(query.order_by(ledger.c.batch_on))
    return [(on, received) for on, received in rows]


def complete_through(
    connection: sa.Connection, source_id: str, record: str, through: Night
) -> dt.date | None:
    """The newest merged night up to and including `through`."""
    after = Night(through.on + dt.timedelta(days=1))
    query = _merged(source_id, record, after, sa.func.max(ledger.c.batch_on))
    newest: dt.date | None = connection.scalar(query.where(ledger.c.batch_on <= through.on))
    return newest


def _upsert(row: LedgerRow) -> sa.Insert:
    values = row.as_dict() | {"batch_on": dt.date.fromisoformat(row.batch_on)}
    statement = insert(ledger).values(values)
    new = {name: statement.excluded[name] for name in values if name not in KEY}
    differs = sa.or_(*(ledger.c[name].is_distinct_from(value) for name, value in new.items()))
    upsert = statement.on_conflict_do_update(index_elements=KEY, set_=new, where=differs)
    return upsert.execution_options(preserve_rowcount=True)


def _merged(
    source_id: str, record: str, before: Night, *what: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """Of the batches that were merged, and of those held that a person released before that night:
    these are taken as they were collected."""
    usable = sa.and_(ledger.c.stage == "merge", ledger.c.verdict.in_(("ok", "quarantined")))
    released = sa.select(replay.c.replays).where(
        replay.c.released_by.is_not(None),
        replay.c.inserted.is_not(None),
        replay.c.batch_on < before.on,
    )
    taken = sa.and_(ledger.c.stage == "collect", ledger.c.batch_id.in_(released))
    return sa.select(*what).where(
        ledger.c.source_id == source_id, ledger.c.record == record, sa.or_(usable, taken)
    )
