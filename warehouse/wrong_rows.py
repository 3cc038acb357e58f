"""What is wrong with the rows of each source as of a night, rolled up by cause.

A record that a check refused, or of which a row could not be understood, is wrong until a later
night brings it right. What has no key (a finding about a batch, a row that lost its code) cannot
come again: it is wrong while the newest batch that was judged has it. A batch without rows shows
nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from warehouse.connections import transaction
from warehouse.problems import MENDED_SCHEMA
from warehouse.tables.ops import reject

Row = dict[str, Any]
_WRONG = sa.text("""
    WITH judged AS (
        SELECT source_id, record, max(batch_on) AS newest FROM ops.ledger
        WHERE stage = 'judge' AND verdict <> 'failed' AND batch_on <= :on AND batch_id IN (
            SELECT batch_id FROM ops.ledger
            WHERE stage = 'collect' AND received > 0 AND batch_on <= :on
        )
        GROUP BY source_id, record
    ), row AS (
        SELECT source_id, record, check_id AS rule, '' AS column, record_key, batch_on, fixed_on,
            first_seen, severity = 'error' AS is_error
        FROM ops.finding WHERE batch_on <= :on
        UNION ALL
        SELECT source_id, record, 'rejected:' || reason, field, record_key, batch_on, fixed_on,
            batch_on, true
        FROM ops.reject WHERE batch_on <= :on
    ), known AS (
        SELECT *, CASE WHEN record_key IS NULL THEN batch_on = newest
            ELSE fixed_on IS NULL OR fixed_on > :on END AS is_open
        FROM row LEFT JOIN judged USING (source_id, record)
    ), by_key AS (
        SELECT source_id, record, rule, "column", record_key,
            max(ARRAY[batch_on - DATE '2000-01-01', is_open::int, is_error::int]) AS last,
            count(*) FILTER (WHERE is_open) AS rows,
            min(first_seen) FILTER (WHERE is_open OR record_key IS NOT NULL) AS first_seen
        FROM known GROUP BY source_id, record, rule, "column", record_key
    ), wrong AS (
        SELECT *, last[2] = 1 AS is_open, CASE WHEN record_key IS NULL THEN rows ELSE 1 END AS many
        FROM by_key
    )
    SELECT source_id, record, rule, "column",
        coalesce(sum(many) FILTER (WHERE is_open), 0)::bigint AS rows,
        coalesce(min(first_seen) FILTER (WHERE is_open), :on) AS first_seen,
        (array_agg(record_key ORDER BY record_key)
            FILTER (WHERE is_open AND record_key IS NOT NULL))[1:3] AS keys,
        bool_or(is_open AND last[3] = 1) IS TRUE AS is_error
    FROM wrong GROUP BY source_id, record, rule, "column"
    ORDER BY source_id, record, rule, "column"
""")
"""`last` is what was said of a record last: when, and whether that is open, and an error."""
_FORGET = sa.text("""
    UPDATE ops.reject SET fixed_on = NULL WHERE fixed_on = :on
""")
_CLOSE = sa.text("""
    UPDATE ops.reject AS turned SET fixed_on = :on
    FROM unnest(CAST(:record AS text[]), CAST(:source_id AS text[]), CAST(:record_key AS text[]))
        AS mended (record, source_id, record_key)
    WHERE turned.record = mended.record AND turned.source_id = mended.source_id
      AND turned.record_key = mended.record_key AND turned.batch_on < :on
      AND turned.fixed_on IS NULL
""")


def wrong_rows(engine: sa.Engine, on: dt.date) -> list[Row]:
    """By `source_id`, `record`, `rule` and `column` all that was ever found or turned away by that
    night: how many `rows` are still wrong after it, which may be none, whether that `is_error`,
    `first_seen`, and up to three `keys` of them.

    A row of a batch that could not be judged does not make the batch the newest one.
    """
    with transaction(engine) as connection:
        return [dict(row) for row in connection.execute(_WRONG, {"on": on}).mappings()]


def open_rejects(engine: sa.Engine, record: str, on: dt.date) -> pa.Table:
    """MENDED_SCHEMA of the records of that kind with a row turned away before `on` that was not
    brought right before."""
    query = (
        sa.select(*(reject.c[name] for name in MENDED_SCHEMA.names))
        .distinct()
        .where(reject.c.record == record, reject.c.record_key.is_not(None))
        .where(reject.c.batch_on < on)
        .where(sa.or_(reject.c.fixed_on.is_(None), reject.c.fixed_on == on))
    )
    with transaction(engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return pa.Table.from_pylist(rows, MENDED_SCHEMA)


def close_rejects(engine: sa.Engine, on: dt.date, mended: pa.Table) -> None:
    """Make `mended` (MENDED_SCHEMA) what the night brought right of the rows turned away before;
    what was judged again that night is for `warehouse.replays.close` to add."""
    with transaction(engine) as connection:
        connection.execute(_FORGET, {"on": on})
        connection.execute(_CLOSE, {"on": on, **mended.to_pydict()})
