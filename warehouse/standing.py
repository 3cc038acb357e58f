"""How each source stands after a night: when it was last merged, and what is still waited for.

All of it as it was known after that night, also when asked later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

_STREAKS = sa.text("""
    WITH night AS (
        SELECT source_id, batch_on, bool_or(stage = 'merge') AS is_merged FROM ops.ledger
        WHERE batch_on <= :on AND record <> ALL(:lists) GROUP BY source_id, batch_on
    ), success AS (
        SELECT source_id, max(batch_on) AS last_success FROM night WHERE is_merged
        GROUP BY source_id
    )
    SELECT source_id, last_success,
        count(*) FILTER (WHERE last_success IS NULL OR batch_on > last_success) AS nights_failed
    FROM night LEFT JOIN success USING (source_id) GROUP BY source_id, last_success
""")
_LATE = sa.text("""
    SELECT system_code AS source_id, record_kind AS record, min(night_on) AS since,
        count(*) AS deliveries
    FROM record.delivery
    WHERE is_expected AND is_deleted IS NOT TRUE AND night_on < :on
      AND (merged_on IS NULL OR merged_on > :on)
    GROUP BY system_code, record_kind ORDER BY since, system_code, record_kind
""")


def streaks(
    connection: sa.Connection, on: dt.date, lists: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """By source: `last_success`, the newest night merged, and `nights_failed` since then. A source
    is asked nothing twice a night, so a night counts once. `lists` are the record kinds that hold
    up nothing where they fail."""
    rows = connection.execute(_STREAKS, {"on": on, "lists": list(lists)}).mappings()
    return {row["source_id"]: dict(row) for row in rows}


def late(connection: sa.Connection, on: dt.date) -> list[dict[str, Any]]:
    """What had to come before that night and had not come by its end, by source and record kind:
    how many deliveries, and of which night the oldest."""
    return [dict(row) for row in connection.execute(_LATE, {"on": on}).mappings()]


_FOUND = sa.text("""
    SELECT batch_id, check_id, count(*) AS rows FROM ops.finding
    WHERE batch_on = :on GROUP BY batch_id, check_id
""")


def found(connection: sa.Connection, on: dt.date) -> dict[tuple[str, str], int]:
    """What the checks of a night found: rows by batch and check."""
    rows = connection.execute(_FOUND, {"on": on}).mappings()
    return {(row["batch_id"], row["check_id"]): row["rows"] for row in rows}


def observations(connection: sa.Connection, release: str) -> int | None:
    """How many figures a published release has; None where it is not published."""
    query = sa.text("SELECT observations FROM mart.release WHERE release = :release")
    rows: int | None = connection.scalar(query, {"release": release})
    return rows
