"""What comes into a merge: the rows of the batches, checked and fingerprinted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from catalog.errors import LakeError
from catalog.records import Record
from warehouse.lake.state import file_list, log_columns, scan, scan_log

POSITION = {"filename": "VARCHAR", "file_row_number": "BIGINT"}


def batch_rows(
    connection: duckdb.DuckDBPyConnection, record: Record, batches: Mapping[str, Path]
) -> str:
    """A table expression for the rows of all batches with `batch_id`, file and row number.

    Raises LakeError where a file lacks a column of the record.
    """
    if not batches:
        return scan((), {**log_columns(record), **POSITION})
    connection.execute("CREATE TEMP TABLE batch (filename VARCHAR, batch_id VARCHAR)")
    named = [(str(path), batch_id) for batch_id, path in batches.items()]
    connection.executemany("INSERT INTO batch VALUES (?, ?)", named)
    files = file_list(str(path) for path in batches.values())
    _refuse_missing_columns(connection, record, files)
    options = "hive_partitioning = false, filename = true, file_row_number = true"
    return f"(FROM read_parquet({files}, {options}) JOIN batch USING (filename))"


def logged_rows(record: Record, paths: tuple[str, ...], has_grown: bool) -> str:
    """A table expression for rows already in the log, in the shape of `batch_rows`."""
    return scan_log(record, paths, POSITION, has_grown)


def load_delta(connection: duckdb.DuckDBPyConnection, record: Record, rows: str) -> None:
    """Make the temporary table `delta`: of every input row only what classification needs."""
    first_seen = "".join(f", {name}" for name in record.first_seen_fields.values())
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE delta AS
        SELECT filename, file_row_number, batch_id, key_hash, version_at, batch_on, content_hash,
               {record.month_of} AS month_on{first_seen}
        FROM {rows}""")


def refuse_nulls(connection: duckdb.DuckDBPyConnection, record: Record) -> None:
    """Raise LakeError, naming batch and column, where a row has no key, version or month.

    A null would not match anything, and the row would be lost without a word.
    """
    names = {"key_hash": "", "version_at": "", "content_hash": "", "month_on": record.month_of}
    for column, name in names.items():
        batch_id, count = connection.execute(
            f"SELECT min(batch_id), count(*) FROM delta WHERE {column} IS NULL"
        ).fetchall()[0]
        if count:
            raise LakeError(f"batch {batch_id}: {name or column} is missing in {count} rows")


def fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Batch -> which versions of which keys `delta` holds, whatever the order of its rows."""
    rows = connection.execute("""
        SELECT batch_id, count(*), sum(
            xor(key_hash, content_hash)::HUGEINT * (1 + epoch_us(version_at) % 2147483647)
        ) FROM delta GROUP BY batch_id""").fetchall()
    return {batch_id: f"{count}:{int(total):x}" for batch_id, count, total in rows}


def _refuse_missing_columns(
    connection: duckdb.DuckDBPyConnection, record: Record, files: str
) -> None:
    found = connection.execute(f"""
        SELECT batch_id, list(name) FROM parquet_schema({files}) JOIN batch ON file_name = filename
        GROUP BY batch_id ORDER BY batch_id""").fetchall()
    for batch_id, names in found:
        missing = sorted(set(record.columns) - set(names))
        if missing:
            raise LakeError(f"batch {batch_id}: no column {', '.join(missing)}")
