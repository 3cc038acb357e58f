"""The life of what the checks found: who is still waiting, who was mended when, in groups.

A record found wrong is mended by the first later night that brings it and accepts it; what was
found about a whole batch, by the next batch judged without it. Both follow from what nights before
and that one brought, so that running a night again decides the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from warehouse.tables.ops import finding

MENDED_SCHEMA = pa.schema(
    [
        pa.field("record", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("record_key", pa.string(), nullable=False),
    ]
)
"""Records that a night has brought right."""

_FORGET = sa.text("""
    UPDATE ops.finding SET fixed_on = NULL,
        state = CASE WHEN record_key IS NULL THEN 'closed' ELSE 'open' END
    WHERE fixed_on = :on
""")
_CLOSE = sa.text("""
    UPDATE ops.finding AS found SET fixed_on = :on, state = 'closed'
    FROM unnest(CAST(:record AS text[]), CAST(:source_id AS text[]), CAST(:record_key AS text[]))
        AS mended (record, source_id, record_key)
    WHERE found.record = mended.record AND found.source_id = mended.source_id
      AND found.record_key = mended.record_key AND found.batch_on < :on AND found.state = 'open'
""")
_CLOSE_BATCHES = sa.text("""
    UPDATE ops.finding AS found SET fixed_on = :on, state = 'closed'
    FROM (
        SELECT source_id, record, max(batch_on) FILTER (WHERE batch_on < :on) AS before
        FROM ops.ledger WHERE stage = 'judge' AND verdict <> 'failed' AND batch_on <= :on
        GROUP BY source_id, record HAVING max(batch_on) = :on
    ) AS judged
    WHERE found.source_id = judged.source_id AND found.record = judged.record
      AND found.batch_on = judged.before AND found.record_key IS NULL
      AND NOT EXISTS (
        SELECT FROM ops.finding AS again
        WHERE again.batch_on = :on AND again.record_key IS NULL
          AND again.source_id = found.source_id AND again.record = found.record
          AND again.check_id = found.check_id
      )
""")
_PROBLEMS = sa.text("""
    WITH touched AS (
        SELECT DISTINCT source_id, record, check_id, first_seen FROM ops.finding
        WHERE batch_on = :on OR fixed_on = :on
    ), newest AS (
        SELECT DISTINCT ON (source_id, record, check_id, first_seen, record_key)
            source_id, record, check_id, first_seen, severity,
            CASE WHEN fixed_on <= :on THEN fixed_on END AS fixed_on
        FROM ops.finding JOIN touched USING (source_id, record, check_id, first_seen)
        WHERE batch_on <= :on
        ORDER BY source_id, record, check_id, first_seen, record_key, batch_on DESC, severity
    )
    SELECT source_id, record, check_id, first_seen, bool_or(severity = 'error') AS is_error,
        count(*) AS rows, count(fixed_on) AS closed_rows,
        CASE WHEN count(*) = count(fixed_on) THEN max(fixed_on) END AS closed_on
    FROM newest GROUP BY source_id, record, check_id, first_seen
    ORDER BY source_id, record, check_id, first_seen
""")


def open_findings(connection: sa.Connection, record: str, on: dt.date) -> pa.Table:
    """MENDED_SCHEMA of the records of that kind found wrong before `on` and not mended before."""
    query = (
        sa.select(*(finding.c[name] for name in MENDED_SCHEMA.names))
        .distinct()
        .where(finding.c.record == record, finding.c.record_key.is_not(None))
        .where(finding.c.batch_on < on)
        .where(sa.or_(finding.c.state == "open", finding.c.fixed_on == on))
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return pa.Table.from_pylist(rows, MENDED_SCHEMA)


def close(connection: sa.Connection, on: dt.date, mended: pa.Table) -> None:
    """Make `mended` (MENDED_SCHEMA) and the batches judged without the finding of the batch before
    what was brought right on that night, and nothing else."""
    connection.execute(_FORGET, {"on": on})
    connection.execute(_CLOSE, {"on": on, **mended.to_pydict()})
    connection.execute(_CLOSE_BATCHES, {"on": on})


def read(connection: sa.Connection, on: dt.date) -> list[dict[str, Any]]:
    """By source, record kind, check and the night first seen: how many records were found, how
    many of them are right again, and since when all are; those groups that `on` changed.

    A record that turns wrong again counts from the first time it was seen, and is open.
    """
    return [dict(row) for row in connection.execute(_PROBLEMS, {"on": on}).mappings()]
