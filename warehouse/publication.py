"""Publishing: figures, changed records, the lists that explain them and the views that show them,
in one transaction.

Everything is written through one ADBC connection, because binary copies from Arrow are what
makes it fast and because two drivers cannot share a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.dataset as ds
import sqlalchemy as sa
from adbc_driver_manager.dbapi import Cursor

from catalog.errors import PublicationError
from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.records import Record, records
from warehouse import views
from warehouse.connections import arrow_transaction
from warehouse.lists import lists
from warehouse.loading import delete_missing, fill, is_empty, staged, upsert
from warehouse.tables import mart, metadata
from warehouse.tables.record import record_tables

Rows: TypeAlias = pa.Table | pa.RecordBatchReader | Path
"""Rows of a record kind; a path is one of Parquet files."""
PUBLISHING = 4_850_201
"""The advisory lock that publishers take, one at a time."""
NONE: Mapping[str, pa.Table] = {}
NEWEST = ("version_at", "batch_on", "content_hash")
"""What orders the versions of one record, as in the lake."""


def publish(
    url: sa.URL,
    release: str,
    observations: pa.Table,
    changed_records: Mapping[str, Rows],
    catalogue: Sequence[Mapping[str, Any]] = (),
    comparisons: Mapping[str, pa.Table] = NONE,
) -> dict[str, int]:
    """Make `release` hold exactly these observations, and bring the record tables up to date.

    `observations` has OBSERVATION_SCHEMA; `changed_records` gives, by kind, versions of records
    (`Record.arrow_schema`), as a table or as Parquet; `comparisons` by the name of its table in
    `mart` what is read off the observations. Returns rows changed by table name; all
    zeros when it was published before. Raises PublicationError, and nothing has changed, where
    the input or Postgres refuses.
    """
    _must_be_of(release, observations)
    row = {"release": [release], "observations": [observations.num_rows]}
    tables = [*lists(catalogue), (mart.release, pa.table(row))]
    with arrow_transaction(url) as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({PUBLISHING})")
        changed = {kind: _records(cursor, kind, given) for kind, given in changed_records.items()}
        changed["observation"] = _of_release(cursor, mart.observation, release, observations)
        for name, rows in comparisons.items():
            table = metadata.tables[f"mart.{name}"]
            changed[name] = _of_release(cursor, table, release, rows)
        for table, rows in tables:
            with staged(cursor, rows.to_reader()):
                changed[table.name] = upsert(cursor, table, rows.column_names)
        views.follow(cursor, release, catalogue)
    return changed


def _must_be_of(release: str, observations: pa.Table) -> None:
    if not observations.schema.equals(OBSERVATION_SCHEMA):
        raise PublicationError("the observations do not have OBSERVATION_SCHEMA")
    if observations["release"].unique().to_pylist() != [release]:
        raise PublicationError(f"not one observation, or not all of release {release}")


def _of_release(cursor: Cursor, table: sa.Table, release: str, rows: pa.Table) -> int:
    """Make `table` hold exactly these rows of the release."""
    with staged(cursor, rows.to_reader()):
        gone = delete_missing(cursor, table, "release", release)
        return gone + upsert(cursor, table, rows.column_names)


def _records(cursor: Cursor, kind: str, given: Rows) -> int:
    record, table = records()[kind], record_tables[kind]
    rows = _reader(record, given)
    if is_empty(cursor, table):
        return fill(cursor, table, rows)
    with staged(cursor, rows):
        return upsert(cursor, table, rows.schema.names, NEWEST)


def _reader(record: Record, given: Rows) -> pa.RecordBatchReader:
    data = ds.dataset(given) if isinstance(given, Path) else given
    types = {field.name: field.type for field in data.schema}
    if types != {field.name: field.type for field in record.arrow_schema}:
        raise PublicationError(f"the columns of {record.kind} are not those of its record kind")
    if isinstance(data, ds.Dataset):
        scanner = data.scanner(batch_size=65_536, batch_readahead=2, fragment_readahead=1)
        return scanner.to_reader()
    return data.to_reader() if isinstance(data, pa.Table) else data
