"""The engines that the detectors' queries must run on: DuckDB and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalog.night import Night
from tests.indicators.conftest import Connection, connection, fill
from transforms.detectors import Detector
from transforms.detectors.detection import detections
from transforms.detectors.statement import statement
from transforms.indicators.statement import DUCKDB, POSTGRES

__all__ = ["connection"]

Judge = Callable[[list[Detector], pa.Table, Night], list[dict[str, Any]]]


def judge_in_duckdb(group: list[Detector], table: pa.Table, night: Night) -> list[dict[str, Any]]:
    with duckdb.connect() as database:
        database.register("record", table)
        counted = database.sql(statement(group, "record", night, DUCKDB)).to_arrow_table()
    return list(detections(group, counted.to_pylist(), night))


@pytest.fixture(scope="session", params=["duckdb", "postgres"])
def judge(request: pytest.FixtureRequest) -> Judge:
    if request.param == "duckdb":
        return judge_in_duckdb
    database: Connection = request.getfixturevalue("connection")

    def judge_in_postgres(
        group: list[Detector], table: pa.Table, night: Night
    ) -> list[dict[str, Any]]:
        with database.transaction(force_rollback=True):
            fill(database, "record", table)
            counted = database.execute(statement(group, "record", night, POSTGRES)).fetchall()
        return list(detections(group, counted, night))

    return judge_in_postgres
