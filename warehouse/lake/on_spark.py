"""The current state in Spark: the same Parquet files of the same Delta tables, as temporary views.

Spark reads the file lists that the tables name, because no Delta reader for it is on the package
registries. Needs the extra ``spark`` and a JDK 17.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from catalog.night import Night
from catalog.records import Record
from warehouse.lake.lake import Lake
from warehouse.lake.opened import LOG_ONLY, MONTH
from warehouse.lake.state import State

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KEY = "key_hash"


def register(session: SparkSession, lake: Lake, record: Record, night: Night | None = None) -> str:
    """A temporary view of what `Lake.current` (of a `night`: `Lake.current_as_of`) gives; returns
    its name."""
    name = f"current_{record.kind}"
    _Reader(session, record).current(lake.state(record, night)).createOrReplaceTempView(name)
    return name


class _Reader:
    """Reads files of one record kind; what a file lacks is not stated."""

    def __init__(self, session: SparkSession, record: Record) -> None:
        from pyspark.sql.pandas.types import from_arrow_schema

        self.session = session
        self.columns = [*record.columns, MONTH.name]
        schema = pa.schema([*record.arrow_schema.remove_metadata(), MONTH, *LOG_ONLY[:2]])
        self.schema = from_arrow_schema(schema)

    def current(self, state: State) -> DataFrame:
        """As `current_sql`: newer layers win by key, and within the log the newest night."""
        from pyspark.sql import functions as f

        months, late, log = self.files(state.months), self.files(state.late), self.log(state)
        recent = log.groupBy(KEY).agg(f.max("night").alias("night"))
        changed = recent.select(KEY).union(late.select(KEY))
        layers = (
            months.join(changed, KEY, "left_anti"),
            late.join(recent, KEY, "left_anti"),
            log.join(recent, [KEY, "night"], "left_semi"),
        )
        first, *others = (layer.select(*self.columns) for layer in layers)
        return first.union(others[0]).union(others[1])

    def files(self, paths: Iterable[str]) -> DataFrame:
        """The rows of these files."""
        found = list(paths)
        if not found:
            return self.session.createDataFrame([], self.schema)
        return self.session.read.schema(self.schema).parquet(*found)

    def log(self, state: State) -> DataFrame:
        """The rows of the log that some night brought as its newest, with that night."""
        from pyspark.sql import functions as f

        nights = [
            self.files(files).withColumn("night", f.lit(night))
            for night, files in sorted(state.nights.items())
        ]
        log = self.files(()).withColumn("night", f.lit(None).cast("date"))
        for night in nights:
            log = log.union(night)
        return log.where(f.col("change") != "superseded")
