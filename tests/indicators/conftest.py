"""The engines that the counting queries must run on: DuckDB and a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest

from catalog.night import Night
from stack.postgres import embedded_url, stop_embedded
from transforms.indicators import Indicator
from transforms.indicators.statement import DUCKDB, POSTGRES, statement, viewed
from transforms.indicators.views import given_relations, views

Look = Callable[[str, dict[str, pa.Table]], list[dict[str, Any]]]
NIGHT = Night.parse("2026-11-22")
Run = Callable[[list[Indicator], pa.Table, Night], list[dict[str, Any]]]
POSTGRES_TYPES = {
    pa.string(): "text",
    pa.timestamp("us", tz="UTC"): "timestamptz",
    pa.date32(): "date",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
}


def run_duckdb(axis: list[Indicator], table: pa.Table, night: Night) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.register("record", table)
        counted = connection.sql(statement(axis, "record", night, DUCKDB)).to_arrow_table()
    rows: list[dict[str, Any]] = counted.to_pylist()
    return rows


Connection = psycopg.Connection[dict[str, Any]]


def fill(connection: Connection, name: str, table: pa.Table) -> None:
    columns = ", ".join(f"{f.name} {POSTGRES_TYPES[f.type]}" for f in table.schema)
    connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
    with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
        for row in table.to_pylist():
            copy.write_row(tuple(row.values()))


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder = tmp_path_factory.mktemp("postgres")
    url = embedded_url(folder).replace("+psycopg", "")
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as opened:
        yield opened
    assert stop_embedded(folder)


@pytest.fixture(scope="session")
def postgres(connection: Connection) -> Run:
    def run(axis: list[Indicator], table: pa.Table, night: Night) -> list[dict[str, Any]]:
        with connection.transaction(force_rollback=True):
            fill(connection, "record", table)
            return connection.execute(statement(axis, "record", night, POSTGRES)).fetchall()

    return run


def look_in_duckdb(name: str, tables: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """The rows of a view over `tables`."""
    with duckdb.connect() as database:
        for kind, table in {**tables, **given_relations(NIGHT)}.items():
            database.register(f"given_{kind}", table)
        relations = {kind: f"given_{kind}" for kind in (*tables, *given_relations(NIGHT))}
        found = database.sql(f"FROM {viewed(views()[name], relations, NIGHT, DUCKDB)}")
        rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows


@pytest.fixture(params=["duckdb", "postgres"])
def look(request: pytest.FixtureRequest) -> Look:
    if request.param == "duckdb":
        return look_in_duckdb
    connection: Connection = request.getfixturevalue("connection")

    def look_in_postgres(name: str, tables: dict[str, pa.Table]) -> list[dict[str, Any]]:
        given = {**tables, **given_relations(NIGHT)}
        relations = {kind: f"given_{kind}" for kind in given}
        view = viewed(views()[name], relations, NIGHT, POSTGRES)
        with connection.transaction(force_rollback=True):
            for kind in (kind for kind in given if re.search(rf"\b{relations[kind]}\b", view)):
                fill(connection, relations[kind], given[kind])
            return connection.execute(f"SELECT * FROM {view} AS seen").fetchall()

    return look_in_postgres


@pytest.fixture(scope="session", params=["duckdb", "postgres"])
def run(request: pytest.FixtureRequest) -> Run:
    if request.param == "duckdb":
        return run_duckdb
    found: Run = request.getfixturevalue("postgres")
    return found
