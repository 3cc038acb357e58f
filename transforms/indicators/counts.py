"""Measure: the records' counts at the finest grain that is published."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import duckdb
import pyarrow as pa

from catalog.night import Night
from transforms.indicators.declaration import Indicator, indicators
from transforms.indicators.statement import DUCKDB, statement

MEASURE_SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("agency", pa.string()),
        pa.field("starts_on", pa.date32(), nullable=False),
        pa.field("numerator", pa.int64(), nullable=False),
        pa.field("denominator", pa.int64(), nullable=False),
    ]
)
"""Counts of records. Without an agency: an area on the day `starts_on`; with one: that agency in
the month that begins there. The two grains hold the same records: never add them. Only rows with
a denominator above 0 are kept."""


def axes() -> list[list[Indicator]]:
    """The indicators by record kind and period date: each list is counted in one pass."""

    def axis(indicator: Indicator) -> tuple[str, str]:
        return indicator.record, indicator.period_by

    return [list(group) for _, group in groupby(sorted(indicators().values(), key=axis), axis)]


def measure(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], night: Night
) -> pa.Table:
    """Count every indicator whose record kind is in `relations` (kind -> table expression).

    One pass for each time axis, reading only the columns it needs: cheaper than one pass for all
    axes (2.5 times), also over a lake that joins its log. Returns MEASURE_SCHEMA, in any order.
    """
    tables = []
    for axis in axes():
        if axis[0].record in relations:
            counted = statement(axis, relations[axis[0].record], night, DUCKDB)
            tables.append(connection.sql(_tidy(axis, counted)).to_arrow_table())
    if not tables:
        return MEASURE_SCHEMA.empty_table()
    return pa.concat_tables(table.cast(MEASURE_SCHEMA) for table in tables)


def _tidy(axis: list[Indicator], counted: str) -> str:
    """A row for each indicator with a count, out of a `statement`'s wide rows."""
    parts = (
        f"SELECT '{i.code}' AS indicator, {i.version} AS definition_version, area, agency,"
        f" starts_on, n_{i.code} AS numerator, d_{i.code} AS denominator"
        f" FROM counted WHERE d_{i.code} > 0"
        for i in axis
    )
    return f"WITH counted AS MATERIALIZED ({counted}) {' UNION ALL '.join(parts)}"
