"""One night's rows classified against the state before it, and written as a partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import duckdb

from catalog.records import Record
from warehouse.lake.state import PARQUET, State, held_sql, literal, state_columns

CHANGES = ("inserted", "updated", "unchanged", "superseded")


@dataclass(frozen=True)
class Counts:
    """What became of one batch's accepted rows: accepted is the sum of the other four."""

    accepted: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Counts:
        return cls(**{field.name: facts[field.name] for field in fields(cls)})

    def with_unchanged(self, more: int) -> Counts:
        """The same with `more` unchanged rows."""
        return replace(self, accepted=self.accepted + more, unchanged=self.unchanged + more)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def classify(connection: duckdb.DuckDBPyConnection, record: Record, before: State) -> None:
    """Make the temporary table `decision`: for every row of `delta` its change and carried values.

    Of a key's rows the one of greatest (version_at, batch_on, content_hash) may replace the held
    version; the others are superseded. Content equal to the held version's is unchanged.
    """
    carried = "".join(
        f""",
            coalesce(held.{name}, first_value(delta.{source} IGNORE NULLS) OVER oldest_first)
                AS {name}"""
        for name, source in record.first_seen_fields.items()
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE decision AS
        WITH held AS ({held_sql(record, before, "delta")})
        SELECT delta.filename, delta.file_row_number, delta.batch_id,
            CASE
                WHEN delta.content_hash = held.content_hash THEN 'unchanged'
                WHEN lead(1) OVER oldest_first IS NOT NULL THEN 'superseded'
                WHEN held.key_hash IS NULL THEN 'inserted'
                WHEN (delta.version_at, delta.batch_on, delta.content_hash)
                   > (held.version_at, held.batch_on, held.content_hash) THEN 'updated'
                ELSE 'superseded'
            END AS change,
            coalesce(
                held.month, strftime(first_value(delta.month_on) OVER oldest_first, '%Y-%m')
            ) AS month{carried}
        FROM delta LEFT JOIN held USING (key_hash)
        WINDOW oldest_first AS (
            PARTITION BY delta.key_hash
            ORDER BY delta.version_at, delta.batch_on, delta.content_hash, delta.file_row_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )""")


def count_changes(connection: duckdb.DuckDBPyConnection) -> dict[str, Counts]:
    """Batch -> what became of its rows, from `decision`."""
    filters = ", ".join(f"count(*) FILTER (change = '{change}')" for change in CHANGES)
    rows = connection.execute(
        f"SELECT batch_id, count(*), {filters} FROM decision GROUP BY batch_id"
    ).fetchall()
    return {batch_id: Counts(*numbers) for batch_id, *numbers in rows}


def write_changes(
    connection: duckdb.DuckDBPyConnection, record: Record, rows: str, path: Path
) -> tuple[int, int]:
    """Write those of `rows` that are not unchanged to `path`; the rows and bytes written."""
    decided = {"month", *record.first_seen_fields}
    columns = ", ".join(
        f"{'decision' if name in decided else 'input'}.{name}::{kind} AS {name}"
        for name, kind in state_columns(record).items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    written = connection.execute(f"""
        COPY (
            SELECT {columns}, decision.batch_id, decision.change
            FROM {rows} AS input JOIN decision USING (filename, file_row_number)
            WHERE decision.change <> 'unchanged'
        ) TO {literal(str(path))} ({PARQUET})""").fetchall()
    return written[0][1], written[0][2]
