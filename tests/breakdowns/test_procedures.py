"""The names of procedures, for those who read a breakdown by their codes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pyarrow as pa

from catalog.records import records
from transforms.breakdowns import procedures

AT = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
SCHEMA = pa.schema([field.with_nullable(True) for field in records()["procedure"].arrow_schema])


def named(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """What is published of these rows of the catalogue."""
    facts = {"version_at": AT, "batch_on": AT.date(), "content_hash": 1, "is_deleted": False}
    with duckdb.connect() as connection:
        connection.register("held", pa.Table.from_pylist([{**facts, **r} for r in rows], SCHEMA))
        found: list[dict[str, Any]] = procedures(connection, {"procedure": "held"}).to_pylist()
    return found


def test_a_procedure_has_the_name_that_was_stated_last() -> None:
    rows = [
        {"procedure_code": "1.000656", "title": "Đăng ký khai tử", "field_code": "G15-TP01"},
        {"procedure_code": "1.000452", "title": "Tên cũ", "field_code": "G03-GD01"},
        {"procedure_code": "1.000452", "title": "Tên mới", "version_at": AT + dt.timedelta(1)},
    ]
    expected = [
        {"code": "1.000452", "name_vi": "Tên mới", "field_code": None},
        {"code": "1.000656", "name_vi": "Đăng ký khai tử", "field_code": "G15-TP01"},
    ]
    assert named(*rows) == named(*reversed(rows)) == expected


def test_what_the_catalogue_no_longer_holds_has_no_name() -> None:
    row = {"procedure_code": "1.000656", "title": "Đăng ký khai tử"}
    assert named({**row, "is_deleted": True}) == []


def test_where_nobody_sends_the_catalogue_there_are_no_names() -> None:
    with duckdb.connect() as connection:
        assert procedures(connection, {}).num_rows == 0
