"""Quarantined rows enter a state as a merge would let them in: the newest version of a key wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalog.records import records
from pipeline.explain.quarantined import replayed

RECORD = records()["dossier"]
Row = dict[str, Any]


def row(key: int, hour: int, **more: Any) -> Row:
    """A version of a dossier as the quarantine keeps it: times in writing."""
    at = dt.datetime(2026, 11, 2, hour, tzinfo=dt.UTC).isoformat()
    common = {"source_id": "hue", "area_code": "H57", "agency_code": "H57.01", "status": "received"}
    return {**common, "key_hash": key, "content_hash": key, "version_at": at, "is_deleted": False,
            "batch_on": "2026-11-02", "dossier_code": str(key), **more}  # fmt: skip


def parsed(rows: list[Row]) -> pa.Table:
    reads = {"timestamp": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}
    cells = [
        {
            name: reads[RECORD.columns[name].type](value)
            if RECORD.columns[name].type in reads
            else value
            for name, value in row.items()
        }
        for row in rows
    ]
    schema = pa.schema([pa.field(name, field.arrow) for name, field in RECORD.columns.items()])
    return pa.Table.from_pylist(cells, schema)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def state_with(
    connection: duckdb.DuckDBPyConnection, held: list[Row], refused: list[Row]
) -> dict[int, Row]:
    """The state by key, once the `refused` rows have entered what is `held`."""
    connection.register("held_rows", parsed(held))
    relation = replayed(connection, RECORD, "held_rows", refused)
    rows = connection.sql(f"FROM {relation} AS state").to_arrow_table().to_pylist()
    assert len(rows) == len({r["key_hash"] for r in rows})
    return {r["key_hash"]: r for r in rows}


def test_a_new_record_enters_and_what_was_held_stays(connection: Any) -> None:
    found = state_with(connection, [row(1, 8)], [row(2, 8)])
    assert set(found) == {1, 2}


def test_an_older_version_changes_nothing(connection: Any) -> None:
    found = state_with(connection, [row(1, 9, channel="online")], [row(1, 8, channel="postal")])
    assert found[1]["channel"] == "online"


def test_a_newer_version_replaces_what_was_held(connection: Any) -> None:
    found = state_with(connection, [row(1, 8, channel="online")], [row(1, 9, channel="postal")])
    assert found[1]["channel"] == "postal"


def test_of_two_refused_versions_the_newest_enters(connection: Any) -> None:
    refused = [row(1, 9, channel="postal"), row(1, 10, channel="email"), row(1, 8)]
    assert state_with(connection, [], refused)[1]["channel"] == "email"


def test_the_first_due_date_seen_is_kept_and_else_taken_from_the_row(connection: Any) -> None:
    first, later = "2026-11-05T10:00:00+00:00", "2026-11-09T10:00:00+00:00"
    held = [row(1, 8, due_at=first, first_due_at=first)]
    found = state_with(connection, held, [row(1, 9, due_at=later), row(2, 9, due_at=later)])
    assert found[1]["due_at"].isoformat() == later
    assert found[1]["first_due_at"].isoformat() == first
    assert found[2]["first_due_at"].isoformat() == later


def test_a_deleted_record_comes_back_with_a_newer_row(connection: Any) -> None:
    found = state_with(connection, [row(1, 8, is_deleted=True)], [row(1, 9)])
    assert found[1]["is_deleted"] is False
