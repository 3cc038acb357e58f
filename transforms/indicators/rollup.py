"""Observe: the counts rolled up to the published figures, with coverage and status."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import duckdb
import pyarrow as pa

from catalog.areas import NATION, areas
from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA
from transforms.indicators.borders import Borders, place
from transforms.indicators.declaration import indicators

ROLLUP = Path(__file__).with_name("rollup.sql").read_text(encoding="utf-8")

NOT_FED_SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
    ]
)
"""The areas whose own sources must not feed an indicator."""


def observe(
    measures: pa.Table,
    reporting: pa.Table,
    night: Night,
    release: str,
    not_fed: pa.Table | None = None,
) -> pa.Table:
    """Roll MEASURE_SCHEMA up to OBSERVATION_SCHEMA: agencies, areas and the nation, by day, month,
    quarter, year and over all time.

    `reporting` (REPORTING_SCHEMA) says who must report what. Of a stock the nation has the sum of
    what each area said last in the period. An area in the national totals has a row
    for every month, quarter and year between the nation's first and last month with data, from
    its own start; an area outside them between its own. There it is ``no_data`` when nothing
    counted and ``missing``, without numbers, when its data does not even reach the period or says
    nothing of it.
    What `not_fed` (NOT_FED_SCHEMA) names is not covered.
    Agencies and days have a row only where something counted; an agency whose code is that of an
    area has none. An agency in several areas is their sum, covered as the first.

    On the borders 34 an area that became part of another is counted there, in all history. On the
    borders 63 there are provinces and the nation, by month and longer: the provinces of today with
    what was reported under their own codes, and those that ended before with what was under theirs.

    Sorted; the same input gives the same table. Raises KeyError for an area nobody declares.
    """
    _refuse_unknown(measures, reporting)
    with duckdb.connect() as connection:
        connection.register("measures", measures)
        connection.register("reporting", reporting)
        connection.register("not_fed", NOT_FED_SCHEMA.empty_table() if not_fed is None else not_fed)
        connection.register("definition", _definitions())
        connection.register("stream", _streams())
        parts = [_on(connection, borders, night, release) for borders in get_args(Borders)]
    return pa.concat_tables(parts)


def _on(
    connection: duckdb.DuckDBPyConnection, borders: Borders, night: Night, release: str
) -> pa.Table:
    place(connection, borders, night)
    given = {"release": release, "borders": borders, "on": night.on}
    return connection.sql(ROLLUP, params=given).to_arrow_table().cast(OBSERVATION_SCHEMA)


def _refuse_unknown(*tables: pa.Table) -> None:
    named = {code for table in tables for code in table["area"].unique().to_pylist()}
    unknown = named - set(areas()) | named & {NATION}
    if unknown:
        raise KeyError(f"not an area that reports: {', '.join(sorted(unknown))}")


def _streams() -> pa.Table:
    rows = [
        {"indicator": indicator.code, "stream": stream}
        for indicator in indicators().values()
        for stream in indicator.streams
    ]
    return pa.Table.from_pylist(rows)


def _definitions() -> pa.Table:
    rows = [
        {
            "indicator": indicator.code,
            "definition_version": indicator.version,
            "measured_as": indicator.unit,
            "is_stock": indicator.accumulates == "stock",
            "accumulates": indicator.accumulates,
            "scope": indicator.scope,
            "period_types": indicator.period_types,
        }
        for indicator in indicators().values()
    ]
    return pa.Table.from_pylist(rows)
