"""Measure: the records' counts at the finest grain that is published."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

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

NOTHING = pa.scalar(0, pa.int64())
"""Typed: pyarrow imports pandas, 0.3 CPU s, to look at a Python number."""


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
    tables = [MEASURE_SCHEMA.empty_table()]
    for axis in axes():
        if axis[0].record in relations:
            sql = statement(axis, relations[axis[0].record], night, DUCKDB)
            counted = connection.sql(sql).to_arrow_table()
            tables += [tidy(counted, indicator) for indicator in axis]
    return pa.concat_tables(tables)


def tidy(counted: pa.Table, indicator: Indicator) -> pa.Table:
    """The rows of one indicator, in MEASURE_SCHEMA, out of a `statement`'s wide result."""
    numerator, denominator = f"n_{indicator.code}", f"d_{indicator.code}"
    rows = counted.select(["area", "agency", "starts_on", numerator, denominator])
    rows = rows.filter(pc.greater(rows[denominator], NOTHING))
    columns = [
        pa.repeat(pa.scalar(indicator.code), len(rows)),
        pa.repeat(pa.scalar(indicator.version, pa.int32()), len(rows)),
        *rows.columns,
    ]
    return pa.Table.from_arrays(columns, schema=MEASURE_SCHEMA)
