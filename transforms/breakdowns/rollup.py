"""The counts by item rolled up to figures, as measured."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from catalog.outcomes import BREAKDOWN_SCHEMA
from transforms.indicators.declaration import indicators

ROLLUP = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def observe(counts: pa.Table, release: str) -> pa.Table:
    """Roll PART_SCHEMA up to BREAKDOWN_SCHEMA: by month, quarter, year and over all time, sorted.
    An item has a row where something of it counted; nothing is withheld yet."""
    with duckdb.connect() as connection:
        connection.register("part", counts)
        connection.register("definition", _definitions())
        found = connection.sql(ROLLUP, params={"release": release})
        return found.to_arrow_table().cast(BREAKDOWN_SCHEMA)


def _definitions() -> pa.Table:
    rows = [
        {"indicator": told.code, "unit": told.unit, "period_types": told.period_types}
        for told in indicators().values()
    ]
    return pa.Table.from_pylist(rows)
