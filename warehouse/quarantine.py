"""The rows that were turned away: rejects, and what the checks found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
import sqlalchemy as sa

from warehouse.tables.ops import finding, reject

Row = dict[str, Any]
State = Literal["open", "closed", "any"]
SHORTEST = 8
"""So much of a page's hash is enough to name it."""
KEPT = ("first_seen", "last_seen", "state", "fixed_on")
"""What other nights decide about a finding; not part of what its batch says."""
PLACE = ["page_sha256", "page_row"]
REJECT_KEY = ("page_sha256", "page_row", "field", "reason")
FINDING_KEY = ("check_id", "check_version", "page_sha256", "page_row")

_FIRST_SEEN = sa.text("""
    UPDATE ops.finding AS new SET first_seen = known.first_seen
    FROM (
        SELECT check_id, record_key, min(first_seen) AS first_seen FROM ops.finding
        WHERE source_id = :source_id AND record = :record AND batch_on < :batch_on
        GROUP BY check_id, record_key
    ) AS known
    WHERE new.batch_id = :batch_id AND new.check_id = known.check_id
      AND new.record_key = known.record_key AND known.first_seen < new.first_seen
""")
_FIRST_SEEN_OF_BATCH = sa.text("""
    UPDATE ops.finding AS new SET first_seen = known.first_seen
    FROM ops.finding AS known
    WHERE new.batch_id = :batch_id AND new.record_key IS NULL AND known.record_key IS NULL
      AND known.source_id = new.source_id AND known.record = new.record
      AND known.check_id = new.check_id AND known.first_seen < new.first_seen
      AND known.batch_on = (
        SELECT max(batch_on) FROM ops.ledger WHERE stage = 'judge' AND verdict <> 'failed'
          AND source_id = :source_id AND record = :record AND batch_on < :batch_on
      )
""")
_CARRIED_ON = sa.text("""
    UPDATE ops.finding AS old SET state = 'closed'
    WHERE old.source_id = :source_id AND old.record = :record AND old.state = 'open' AND (
        old.record_key IS NULL AND old.batch_on < :batch_on
        OR EXISTS (
            SELECT FROM ops.finding AS new
            WHERE new.source_id = old.source_id AND new.record = old.record
              AND new.check_id = old.check_id AND new.record_key = old.record_key
              AND new.batch_on > old.batch_on
        )
    )
""")


def batch_columns(batch_id: str) -> Row:
    """The columns that a batch's id stands for: the first three of its parts (see `replay_id`)."""
    source_id, record, on = batch_id.split(".")[:3]
    night = dt.date.fromisoformat(on)
    return {"batch_id": batch_id, "source_id": source_id, "record": record, "batch_on": night}


def write_rejects(connection: sa.Connection, batch_id: str, rejects: pa.Table) -> int:
    """Replace the batch's rejects (REJECT_SCHEMA) and return how many rows changed."""
    rows = [{**batch_columns(batch_id), **row} for row in rejects.to_pylist()]
    return _replace(connection, reject, REJECT_KEY, batch_id, rows)


def write_findings(
    connection: sa.Connection, batch_id: str, findings: pa.Table, quarantined: pa.Table
) -> int:
    """Replace the batch's findings (FINDING_SCHEMA), each with its row where that is among the
    `quarantined`, and return how many rows changed.

    An earlier open finding is closed where this batch repeats it (this one carries it on), and
    one about a whole batch by any later batch. `first_seen` is taken over; of a whole batch only
    from the batch judged before.
    """
    batch = batch_columns(batch_id)
    night = batch["batch_on"]
    kept = {"first_seen": night, "last_seen": night, "state": "open"}
    refused = quarantined.join(findings.select(PLACE), PLACE, join_type="left semi")
    rows_by_place = {_place(row): _plain(row) for row in refused.to_pylist()}
    rows = [
        {**batch, **row, "row": rows_by_place.get(_place(row)), **kept}
        for row in findings.drop_columns(["row_index"]).to_pylist()
    ]
    changed = _replace(connection, finding, FINDING_KEY, batch_id, rows)
    connection.execute(_FIRST_SEEN, batch)
    connection.execute(_FIRST_SEEN_OF_BATCH, batch)
    connection.execute(_CARRIED_ON, batch)
    return changed


def read(
    connection: sa.Connection,
    source_id: str | None,
    on: dt.date | None,
    state: State | None = None,
    why: str | None = None,
) -> list[Row]:
    """Findings and rejects as JSON can carry them: of one night, or else whatever is open; of one
    `state`, and of one check or reason, where these are given.

    A reject has `field` and `reason`, a finding `check_id`, `severity`, `row` and `state`. A reject
    is closed when a replay has understood it.
    """
    asked = state or ("open" if on is None else "any")
    found = []
    for table, code in ((finding, "check_id"), (reject, "reason")):
        is_open = table.c.fixed_on.is_(None) if table is reject else table.c.state == "open"
        conditions = {"open": [is_open], "closed": [sa.not_(is_open)], "any": []}[asked]
        if why is not None:
            conditions.append(table.c[code] == why)
        query = _query(table, source_id, on, *conditions)
        found += [_plain(dict(row)) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda row: (row["batch_on"], row["batch_id"]))


def at(connection: sa.Connection, wanted: str) -> list[Row]:
    """The findings and rejects, of any night, of a record by its key, or of a row by its place:
    the start of the page's hash (8 digits or more), a colon, and the position in the page."""
    sha256, _, number = wanted.partition(":")
    is_place = len(sha256) >= SHORTEST and sha256.isalnum() and number.isdigit()
    found = []
    for table in (finding, reject):
        same = table.c.record_key == wanted
        if is_place:
            placed = table.c.page_sha256.startswith(sha256), table.c.page_row == int(number)
            same = sa.or_(same, sa.and_(*placed))
        rows = connection.execute(_query(table, None, None, same)).mappings()
        found += [_plain(dict(row)) for row in rows]
    return sorted(found, key=lambda row: (row["batch_on"], row["batch_id"]))


def _query(
    table: sa.Table, source_id: str | None, on: dt.date | None, *conditions: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    query = sa.select(table).where(*conditions)
    if source_id is not None:
        query = query.where(table.c.source_id == source_id)
    if on is not None:
        query = query.where(table.c.batch_on == on)
    return query.order_by(table.c.batch_id, table.c.page_sha256, table.c.page_row)


def _replace(
    connection: sa.Connection, table: sa.Table, key: tuple[str, ...], batch_id: str, rows: list[Row]
) -> int:
    """Make `rows` the batch's rows by writing only the differences; how many keys differ."""
    said = [column for column in table.c if column.name not in KEPT]
    stored = connection.execute(sa.select(*said).where(table.c.batch_id == batch_id))
    before = {_content(row): row for row in map(dict, stored.mappings())}
    after = {_content(row): row for row in rows}
    gone = [before[content] for content in before.keys() - after.keys()]
    new = [after[content] for content in after if content not in before]
    if gone:
        same = (table.c[name].is_not_distinct_from(sa.bindparam(f"old_{name}")) for name in key)
        statement = sa.delete(table).where(table.c.batch_id == batch_id, *same)
        connection.execute(statement, [{f"old_{name}": row[name] for name in key} for row in gone])
    if new:
        connection.execute(sa.insert(table), new)
    return len({tuple(row[name] for name in key) for row in (*gone, *new)})


def _content(row: Mapping[str, Any]) -> str:
    return json.dumps(_plain({k: v for k, v in row.items() if k not in KEPT}), sort_keys=True)


def _place(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["page_sha256"], row["page_row"]


def _plain(row: Mapping[str, Any]) -> Row:
    """The row as JSON can carry it."""
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}
