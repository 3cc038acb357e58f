"""The engines that the counting queries must run on: DuckDB and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest

from catalog.night import Night
from stack.postgres import embedded_url, stop_embedded
from transforms.indicators import Indicator
from transforms.indicators.statement import DUCKDB, POSTGRES, statement

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


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("postgres")
    url = embedded_url(folder).replace("+psycopg", "")
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:

        def run(axis: list[Indicator], table: pa.Table, night: Night) -> list[dict[str, Any]]:
            columns = ", ".join(f"{f.name} {POSTGRES_TYPES[f.type]}" for f in table.schema)
            connection.execute(f"CREATE TEMP TABLE record ({columns})")
            with connection.cursor().copy("COPY record FROM STDIN") as copy:
                for row in table.to_pylist():
                    copy.write_row(tuple(row.values()))
            counted = connection.execute(statement(axis, "record", night, POSTGRES)).fetchall()
            connection.rollback()
            return counted

        yield run
    assert stop_embedded(folder)


@pytest.fixture(scope="session", params=["duckdb", "postgres"])
def run(request: pytest.FixtureRequest) -> Run:
    if request.param == "duckdb":
        return run_duckdb
    found: Run = request.getfixturevalue("postgres")
    return found
