"""Replays: which rows were turned away and wait, and what became of them when judged again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.night import Night
from warehouse.quarantine import PLACE, Row, batch_columns
from warehouse.tables.ops import finding, ledger, reject
from warehouse.tables.replay import MERGED, replay

REPLAYS = "replays"
_FIXED = sa.text("""
    UPDATE ops.finding AS found SET fixed_on = :on, state = 'closed'
    FROM unnest(CAST(:page_sha256 AS text[]), CAST(:page_row AS integer[]))
        AS right_now (page_sha256, page_row)
    WHERE found.source_id = :source_id AND found.record = :record AND found.batch_on < :on
      AND found.severity = 'error' AND found.state = 'open'
      AND found.page_sha256 = right_now.page_sha256 AND found.page_row = right_now.page_row
""")
_UNDERSTOOD = sa.text("""
    UPDATE ops.reject AS turned SET fixed_on = :on
    FROM (
        SELECT * FROM unnest(CAST(:page_sha256 AS text[]), CAST(:page_row AS integer[]))
        UNION SELECT page_sha256, page_row FROM ops.finding WHERE batch_id = :batch_id
    ) AS understood (page_sha256, page_row)
    WHERE turned.batch_id = :replays AND turned.fixed_on IS NULL
      AND turned.page_sha256 = understood.page_sha256 AND turned.page_row = understood.page_row
""")
"""What a check refuses has been understood."""


def replay_id(replayed: str, night: Night) -> str:
    """The identity of a batch's rows judged again: ``ha_noi.dossier.2026-11-25.replays.2026-11-22``
    is what the night of the 25th took of the batch of the 22nd."""
    source_id, record, on = replayed.split(".")
    return f"{night.batch_id(source_id, record)}.{REPLAYS}.{on}"


def origin(batch_id: str) -> str:
    """The batch that brought the rows: of a replay the one that it replays, else the same."""
    source_id, record, *_, on = batch_id.split(".")
    return f"{source_id}.{record}.{on}"


def waiting(connection: sa.Connection, night: Night, source_id: str | None) -> list[Row]:
    """The rows turned away by nights before this one and not come right since: the `batch_id` that
    brought them, their place, and `why` (a check or a reason).

    Rows of a batch that was held wait for the next delivery, or for a person: not here.
    """
    usable = ledger.c.verdict.in_(("ok", "quarantined"))
    merged = sa.select(ledger.c.batch_id).where(ledger.c.stage == "merge", usable)
    known = set(connection.scalars(merged)) | set(connection.scalars(_released(night)))
    found: list[Row] = []
    errors = (finding.c.severity == "error", finding.c.page_sha256.is_not(None))
    turned_away: tuple[tuple[Any, ...], ...] = (
        (finding, "check_id", *errors, finding.c.state == "open"),
        (reject, "reason", reject.c.fixed_on.is_(None)),
    )
    for table, what, *conditions in turned_away:
        columns = (table.c.batch_id, *(table.c[name] for name in PLACE), table.c[what].label("why"))
        query = sa.select(*columns).where(table.c.batch_on < night.on, *conditions)
        if source_id is not None:
            query = query.where(table.c.source_id == source_id)
        found += map(dict, connection.execute(query).mappings())
    placed = ({**row, "batch_id": origin(row["batch_id"])} for row in found)
    return [row for row in placed if row["batch_id"] in known]


def _released(night: Night) -> sa.Select[Any]:
    return sa.select(replay.c.replays).where(
        replay.c.released_by.is_not(None), replay.c.batch_on <= night.on
    )


def found_before(connection: sa.Connection, replayed: str, night: Night) -> set[tuple[Any, ...]]:
    """(check, page, row) of what nights before this one found in a batch, replays of it too."""
    batch = batch_columns(replayed)
    columns = (finding.c.check_id, *(finding.c[name] for name in PLACE))
    query = sa.select(*columns).where(
        finding.c.source_id == batch["source_id"],
        finding.c.record == batch["record"],
        sa.or_(finding.c.batch_id == replayed, finding.c.batch_on < night.on),
    )
    return {tuple(row) for row in connection.execute(query)}


def write(connection: sa.Connection, row: Mapping[str, Any]) -> None:
    """Write or replace the line of a replay, not yet merged."""
    values = {**batch_columns(str(row["batch_id"])), **dict.fromkeys(MERGED), **row}
    connection.execute(sa.delete(replay).where(replay.c.batch_id == values["batch_id"]))
    connection.execute(sa.insert(replay).values(values))


def write_merged(connection: sa.Connection, counts: Mapping[str, Mapping[str, int]]) -> None:
    """Note what the merge made of the accepted rows of each replay."""
    for batch_id, of in counts.items():
        values = {name: of[name] for name in MERGED}
        connection.execute(sa.update(replay).where(replay.c.batch_id == batch_id).values(values))


def close(connection: sa.Connection, row: Mapping[str, Any], accepted: pa.Table) -> None:
    """Close, on the night of a replay (a line of `read`), what the checks found in the rows (PLACE)
    that it has `accepted`, and what could not be understood of those and of the rows that a check
    now refuses. What was closed before stays as it was."""
    facts = {"on": row["batch_on"], "source_id": row["source_id"], "record": row["record"]}
    places = accepted.select(PLACE).to_pydict()
    connection.execute(_FIXED, {**facts, **places})
    again = {"batch_id": row["batch_id"], "replays": row["replays"]}
    connection.execute(_UNDERSTOOD, {"on": row["batch_on"], **again, **places})


def read(connection: sa.Connection, on: dt.date | None = None) -> list[Row]:
    """The replays that a night took, or all, in the order of their ids."""
    query = sa.select(replay).order_by(replay.c.batch_on, replay.c.batch_id)
    if on is not None:
        query = query.where(replay.c.batch_on == on)
    return [dict(row) for row in connection.execute(query).mappings()]


def held(connection: sa.Connection, source_id: str, on: dt.date) -> Sequence[str]:
    """The batches of a source's night that are held."""
    query = sa.select(ledger.c.batch_id).where(
        ledger.c.stage == "judge",
        ledger.c.verdict == "held",
        ledger.c.source_id == source_id,
        ledger.c.batch_on == on,
    )
    return connection.scalars(query.order_by(ledger.c.batch_id)).all()


def newest_night(connection: sa.Connection) -> dt.date | None:
    """The newest night of which anything was merged."""
    newest = sa.select(sa.func.max(ledger.c.batch_on)).where(ledger.c.stage == "merge")
    night: dt.date | None = connection.scalar(newest)
    return night
