"""Spark as an engine of the counting queries: the same SQL, run by executors. Needs the extra
``spark`` and a JDK 17."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from transforms.indicators.statement import UTC_OFFSET_HOURS, Engine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SPARK = Engine(
    "TIMESTAMP '{}'",
    "unix_micros({})",
    f"CAST({{}} + INTERVAL {UTC_OFFSET_HOURS} HOURS AS DATE)",
    f"(CAST(date_add(last_day({{}}), 1) AS TIMESTAMP) - INTERVAL {UTC_OFFSET_HOURS} HOURS)",
    "timestamp_micros({})",
)
"""Of a session whose time zone is UTC: Spark casts instants to days in the session's zone."""


def session(master: str, executor_memory: str = "1g") -> SparkSession:
    """A session on `master` (``local-cluster[2,1,1024]``: two executor processes here) whose time
    zone is UTC, answering on the loopback interface only."""
    from pyspark.sql import SparkSession

    options = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": executor_memory,
        "spark.sql.shuffle.partitions": "4",
    }
    builder = SparkSession.builder.appName("motcua").master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkRunner:
    """Runs the counting queries in one session."""

    engine = SPARK

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def give(self, name: str, table: pa.Table) -> str:
        """Makes `table` known as `name`."""
        self.session.createDataFrame(table).createOrReplaceTempView(name)
        return name

    def keep(self, name: str, relation: str) -> str:
        """Has `relation` worked out once, known as `name`."""
        self.session.catalog.dropTempView(name)
        self.session.sql(f"SELECT * FROM {relation} AS kept").cache().createOrReplaceTempView(name)
        return name

    def ask(self, query: str) -> pa.Table:
        """The answer to a query."""
        return self.session.sql(query).toArrow()
