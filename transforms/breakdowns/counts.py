"""Counting by item: the engine of the indicators, asked once more for the nation as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from catalog.area_changes import successor
from catalog.areas import areas
from catalog.night import Night
from transforms.breakdowns.declaration import Breakdown, breakdowns
from transforms.indicators.counts import NO_EXCEPTIONS, NotFed, axes
from transforms.indicators.declaration import Indicator
from transforms.indicators.living import Living, Memory, relation_of
from transforms.indicators.runners import DuckDBRunner
from transforms.indicators.statement import statement_by

PART_SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("dimension", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("starts_on", pa.date32(), nullable=False),
        pa.field("numerator", pa.int64(), nullable=False),
        pa.field("denominator", pa.int64(), nullable=False),
    ]
)
"""Counts of the nation's records by what a column holds, in the month that begins on `starts_on`.
"""


def count(
    connection: duckdb.DuckDBPyConnection,
    relations: Mapping[str, str],
    night: Night,
    not_fed: NotFed = NO_EXCEPTIONS,
    memory: Memory | None = None,
) -> pa.Table:
    """Count every indicator that is broken down, of the areas in the national totals: PART_SCHEMA,
    in any order. Arguments as of `indicators.measure`; one pass for each time axis, for all
    dimensions together."""
    living = Living(DuckDBRunner(connection), relations, night)
    found = [PART_SCHEMA.empty_table()]
    for axis in axes(not_fed):
        dimensions = [d for d in breakdowns().values() if any(map(d.has, axis))]
        wanted = [part for part in axis if any(d.has(part) for d in dimensions)]
        relation = relation_of(wanted[0], living.relations, night) if wanted else None
        if relation is not None:
            found.append(_remembered(living, wanted, dimensions, relation, memory))
    return pa.concat_tables(found)


def _remembered(
    living: Living,
    axis: Sequence[Indicator],
    dimensions: Sequence[Breakdown],
    relation: str,
    memory: Memory | None,
) -> pa.Table:
    night, columns = living.night, list(dict.fromkeys(d.column for d in dimensions))
    national = f"(SELECT * FROM {relation} AS seen WHERE area_code IN ({_national(night)}))"
    question = statement_by(axis, columns, national, night, living.runner.engine)
    tidied = " UNION ALL ".join(_tidy(axis, dimensions))
    return living.remembered("parted", question, tidied, PART_SCHEMA, memory)


def _tidy(axis: Sequence[Indicator], dimensions: Sequence[Breakdown]) -> Iterator[str]:
    """A row for each dimension, item and indicator with a count, out of wide rows."""
    for dimension in dimensions:
        for indicator in filter(dimension.has, axis):
            code = indicator.code
            yield (
                f"SELECT '{code}' AS indicator, {indicator.version} AS definition_version,"
                f" '{dimension.dimension}' AS dimension, item, starts_on, n_{code} AS numerator,"
                f" d_{code} AS denominator FROM parted"
                f" WHERE parted_by = '{dimension.column}' AND d_{code} > 0"
            )


def _national(night: Night) -> str:
    """The areas whose figures make up the nation's."""
    homes = {code: areas()[successor(code, night.on)] for code in areas()}
    return ", ".join(f"'{code}'" for code, home in homes.items() if home.in_national_totals)
