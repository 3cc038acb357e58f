"""Every indicator on Spark: its example, and the same counts as DuckDB on the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from catalog.night import Night
from catalog.records import stored_records
from tests.indicators.test_declarations import totals
from tests.spark.conftest import NIGHTS
from transforms.indicators import Indicator, indicators, measure
from transforms.indicators.counts import measure_on
from transforms.indicators.on_spark import SPARK, SparkRunner
from transforms.indicators.statement import statement
from warehouse.lake import Lake
from warehouse.lake.on_spark import register

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.slow


def sorted_rows(measures: pa.Table) -> list[dict[str, Any]]:
    names = ("indicator", "area", "agency", "starts_on", "numerator", "denominator")
    return measures.sort_by([(name, "ascending") for name in names]).to_pylist()


@pytest.mark.parametrize("code", sorted(indicators()))
def test_the_worked_example_holds_on_spark(code: str, spark: SparkSession) -> None:
    runner, example = SparkRunner(spark), indicators()[code].example

    def run(axis: list[Indicator], table: pa.Table, night: Night) -> list[dict[str, Any]]:
        relation = runner.give("example", table)
        rows: list[dict[str, Any]] = runner.ask(statement(axis, relation, night, SPARK)).to_pylist()
        return rows

    for total in totals(indicators()[code], run):
        assert total == (example.numerator, example.denominator)


@pytest.mark.parametrize("on", NIGHTS[1:])
def test_spark_counts_what_duckdb_counts_on_the_same_tables(
    on: Any, spark: SparkSession, lake: Lake
) -> None:
    night, newest = Night(on), Night(on) if on != NIGHTS[-1] else None
    kinds = stored_records().values()
    with duckdb.connect() as connection:
        states = {k.kind: lake.current_as_of(k, night) for k in kinds}
        expected = measure(connection, states, night)
    views = {k.kind: register(spark, lake, k, newest) for k in kinds}
    found = measure_on(SparkRunner(spark), views, night)
    assert found.num_rows > 10_000
    assert sorted_rows(found) == sorted_rows(expected)


def test_two_executor_processes_do_the_work(spark: SparkSession) -> None:
    known = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert known == len(("driver", "executor", "executor"))
