"""Arrow rows into a Postgres table: straight in where it is empty, else only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import sqlalchemy as sa
from adbc_driver_manager.dbapi import Cursor

SORT_MEMORY = "256MB"
"""What the server may use to sort a key once; its default of 64 MB spills from 500,000 rows on."""

ROWS_AT_ONCE = 100
"""ADBC sends each batch of rows whole. One that fits the socket's buffer (208 kB here) lets it
write the next while the server reads: two thirds of the time of batches of 65,536."""


def is_empty(cursor: Cursor, table: sa.Table) -> bool:
    cursor.execute(f"SELECT FROM {table} LIMIT 1")
    return len(cursor.fetchall()) == 0


def fill(cursor: Cursor, table: sa.Table, rows: pa.RecordBatchReader) -> int:
    """Copy rows straight into the empty `table` and return how many.

    A table truncated in the same transaction needs no write-ahead log of its rows. The key is made
    afterwards: sorting once costs a fraction of what an index costs that grows with rows in any
    order. Until the commit the table is locked, which holds no figures yet.
    """
    key = table.primary_key
    columns = ", ".join(column.name for column in key)
    cursor.execute(f"TRUNCATE {table}")
    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key.name}")
    count = cursor.adbc_ingest(
        table.name, _small_batches(rows), mode="append", db_schema_name=table.schema
    )
    cursor.execute(f"SET LOCAL maintenance_work_mem = '{SORT_MEMORY}'")
    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key.name} PRIMARY KEY ({columns})")
    return count


@contextmanager
def staged(cursor: Cursor, rows: pa.RecordBatchReader) -> Iterator[None]:
    """Hold rows in the temporary table ``stage``, which no other connection sees."""
    cursor.adbc_ingest("stage", _small_batches(rows), mode="create", temporary=True)
    cursor.execute("ANALYZE stage")
    yield
    cursor.execute("DROP TABLE stage")


def _small_batches(rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    batches = (
        batch.slice(start, ROWS_AT_ONCE)
        for batch in rows
        for start in range(0, batch.num_rows, ROWS_AT_ONCE)
    )
    return pa.RecordBatchReader.from_batches(rows.schema, batches)


def upsert(
    cursor: Cursor, table: sa.Table, names: Sequence[str], newest: Sequence[str] = ()
) -> int:
    """Write the staged rows that are new or differ, and return how many.

    Where `newest` names columns, a row that orders before the stored one by them is left out.
    """
    key = [column.name for column in table.primary_key]
    values = [name for name in names if name not in key]
    conditions = [f"({_of('t', values)}) IS DISTINCT FROM ({_of('excluded', values)})"]
    if newest:
        conditions.append(f"({_of('excluded', newest)}) >= ({_of('t', newest)})")
    cursor.execute(
        f"INSERT INTO {table} AS t ({', '.join(names)}) SELECT {', '.join(names)} FROM stage "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE "
        f"SET {', '.join(f'{name} = excluded.{name}' for name in values)} "
        f"WHERE {' AND '.join(conditions)}"
    )
    return cursor.rowcount


def delete_missing(cursor: Cursor, table: sa.Table, within: str, value: str) -> int:
    """Delete the rows that are not staged, among those whose column `within` has that value."""
    key = [column.name for column in table.primary_key]
    literal = sa.literal(value).compile(compile_kwargs={"literal_binds": True})
    cursor.execute(  # bound values would leave ADBC without a count of rows
        f"DELETE FROM {table} AS t WHERE {within} = {literal} AND NOT EXISTS "
        f"(SELECT FROM stage WHERE ({_of('stage', key)}) = ({_of('t', key)}))"
    )
    return cursor.rowcount


def _of(alias: str, names: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)
