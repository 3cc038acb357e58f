"""The log of messages: what was decided to be told, and what became of it at each address.

A message stays undelivered in it until everybody that it is for has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from warehouse.connections import held, transaction
from warehouse.tables.messages import delivery, message

Row = dict[str, Any]
KEY = ("message_id", "channel", "address")


@dataclass(frozen=True)
class MessageLog:
    """The tables ``ops.message`` and ``ops.delivery``. Every method is one transaction and raises
    LakeError where Postgres refuses."""

    engine: sa.Engine

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While this lasts nobody else is sending; who comes second waits."""
        with held(self.engine, "ops.message"):
            yield

    def decided(self, rows: Sequence[Row]) -> int:
        """Note messages (message_id, area, told_on, purpose, items, still_open) in this order;
        how many are new. One that is known already is left as it is."""
        with transaction(self.engine) as connection:
            return sum(_add(connection, row) for row in rows)

    def told(self, area: str) -> list[Row]:
        """All messages to an area, in the order in which they were decided."""
        query = sa.select(message).where(message.c.area == area).order_by(message.c.number)
        return self._rows(query)

    def of_night(self, on: dt.date) -> list[Row]:
        """What was decided of one night."""
        query = sa.select(message).where(message.c.told_on == on)
        return self._rows(query.order_by(message.c.area, message.c.number))

    def undelivered(self) -> list[Row]:
        """The messages that not everybody has, oldest first."""
        query = sa.select(message).where(~message.c.is_delivered)
        return self._rows(query.order_by(message.c.told_on, message.c.area, message.c.number))

    def delivered_to(self, message_id: str) -> set[tuple[str, str]]:
        """(channel, address) of those who have the message."""
        query = sa.select(delivery.c.channel, delivery.c.address).where(
            delivery.c.message_id == message_id, delivery.c.delivered_at.is_not(None)
        )
        return {(row["channel"], row["address"]) for row in self._rows(query)}

    def tried(self, row: Row) -> None:
        """Note one try: message_id, channel, address, area, tried_on, delivered_at (None if it was
        not taken), is_refused and problem."""
        statement = insert(delivery).values({**row, "attempts": 1})
        said: Row = {name: statement.excluded[name] for name in row if name not in KEY}
        new = {**said, "attempts": delivery.c.attempts + 1}
        with transaction(self.engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=KEY, set_=new))

    def all_have(self, message_id: str) -> None:
        """Nothing is left to do for this message."""
        known = sa.update(message).where(message.c.message_id == message_id)
        with transaction(self.engine) as connection:
            connection.execute(known.values(is_delivered=True))

    def deliveries(self, is_waiting: bool = False) -> list[Row]:
        """Every message with what became of it at each address, newest night first; only what is
        not delivered with `is_waiting`. A message that nobody has tried yet has no address."""
        ours = [c for c in delivery.c if c.name not in ("message_id", "area")]
        told = [c for c in message.c if c.name not in ("items", "number")]
        both = message.outerjoin(delivery, delivery.c.message_id == message.c.message_id)
        query = sa.select(
            *told, *ours, sa.func.jsonb_array_length(message.c["items"]).label("told")
        )
        query = query.select_from(both)
        if is_waiting:
            query = query.where(~message.c.is_delivered, delivery.c.delivered_at.is_(None))
        order = (message.c.told_on.desc(), message.c.area, message.c.number, *delivery.primary_key)
        return self._rows(query.order_by(*order))

    def _rows(self, query: sa.Select[Any]) -> list[Row]:
        with transaction(self.engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _add(connection: sa.Connection, row: Row) -> int:
    theirs = sa.select(sa.func.coalesce(sa.func.max(message.c.number), 0) + 1).where(
        message.c.area == row["area"]
    )
    values = {**row, "number": theirs.scalar_subquery(), "is_delivered": False}
    statement = insert(message).values(values).on_conflict_do_nothing()
    return connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount
