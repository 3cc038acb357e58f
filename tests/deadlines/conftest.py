"""What the views of deadlines make of a few dossiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalog.night import LOCAL_ZONE, Night
from catalog.records import records
from tests.indicators.conftest import connection, look  # noqa: F401
from transforms.indicators.statement import DUCKDB, viewed
from transforms.indicators.views import given_relations, views

Row = dict[str, Any]
Seen = Callable[[str, list[Row], list[Row]], list[Row]]
NIGHT = Night.parse("2026-11-22")
UNITS = ("hour", "day", "working_day", "month")


def local(text: str) -> dt.datetime:
    """``2026-02-12 09:00`` in Viet Nam."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def table(kind: str, rows: list[Row]) -> pa.Table:
    schema = pa.schema([(n, f.arrow) for n, f in records()[kind].columns.items()])
    return pa.Table.from_pylist([{"source_id": "ha_noi", **row} for row in rows], schema)


def procedures() -> list[Row]:
    """One for each unit and time: ``hour 8``; and two that are stated twice, one without a time."""
    stated = [(f"{unit} {time}", unit, time) for unit in UNITS for time in range(1, 61)]
    stated += [("two units", "hour", 8), ("two units", "day", 3), ("none", "day", 0)]
    stated += [("two times", "working_day", 5), ("two times", "working_day", 3)]
    columns = ("procedure_code", "statutory_unit", "statutory_time")
    return [dict(zip(columns, facts, strict=True)) for facts in stated]


def dossier(number: int, received: str | dt.datetime, time: str, **facts: Any) -> Row:
    """A dossier received at a local time, of the procedure that has this time."""
    at = local(received) if isinstance(received, str) else received
    usual: Row = {
        "key_hash": number,
        "dossier_code": str(number),
        "area_code": "H26",
        "agency_code": "H26.01",
        "status": "processing",
        "received_at": at,
        "received_on": at.date(),
        "procedure_code": time,
    }
    return {**usual, **facts}


def tables(dossiers: list[Row], events: list[Row]) -> dict[str, pa.Table]:
    steps = [{"event_code": str(n), **event} for n, event in enumerate(events)]
    return {
        "dossier": table("dossier", dossiers),
        "dossier_event": table("dossier_event", steps),
        "procedure": table("procedure", procedures()),
    }


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What a view shows of dossiers and their events, in their order, on DuckDB."""
    with duckdb.connect(config={"threads": 1}) as database:
        given = given_relations(NIGHT)
        for name, relation in given.items():
            database.register(f"given_{name}", relation)
        names = {name: f"given_{name}" for name in (*given, *tables([], []))}

        def run(view: str, dossiers: list[Row], events: list[Row]) -> list[Row]:
            for name, relation in tables(dossiers, events).items():
                database.register(f"given_{name}", relation)
            sql = viewed(views()[view], names, NIGHT, DUCKDB)
            found = database.sql(f"FROM {sql} ORDER BY key_hash").to_arrow_table().to_pylist()
            return list(found)

        yield run
