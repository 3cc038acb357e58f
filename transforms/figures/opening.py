"""A DuckDB that knows the observations, and what the questions asked of them need beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from catalog.areas import areas
from transforms.indicators import indicators

HERE = Path(__file__).parent
OPENING = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
Parameters = dict[str, object]

DEFINITION = pa.schema(
    [
        pa.field("indicator", pa.string()),
        pa.field("record", pa.string()),
        pa.field("unit", pa.string()),
        pa.field("direction", pa.string()),
        pa.field("accumulates", pa.string()),
        pa.field("floor", pa.float64()),
        pa.field("minimum_sample", pa.int64()),
        pa.field("is_ranked", pa.bool_()),
    ]
)


@contextmanager
def opened(observations: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `observation`, `definition`, `place` (whether an area is in the national
    totals), `longer` (which period type comes next), and the relations of ``opening.sql``."""
    with duckdb.connect() as connection:
        connection.register("observation", observations)
        connection.register("definition", _definitions())
        connection.register("place", _places())
        connection.register("longer", _longer())
        connection.execute(OPENING)
        yield connection


def asked(file: str, observations: pa.Table, schema: pa.Schema, **given: object) -> pa.Table:
    """The answer of one SQL file beside this one to `observations`."""
    query = (HERE / file).read_text(encoding="utf-8")
    with opened(observations) as connection:
        return connection.sql(query, params=given).to_arrow_table().cast(schema)


def _definitions() -> pa.Table:
    rows = [
        {"indicator": told.code, **told.model_dump(include=set(DEFINITION.names))}
        for told in indicators().values()
    ]
    return pa.Table.from_pylist(rows, DEFINITION)


def _places() -> pa.Table:
    rows = [{"code": area.code, "in_totals": area.in_national_totals} for area in areas().values()]
    return pa.Table.from_pylist(rows)


def _longer() -> pa.Table:
    order = ("day", "month", "quarter", "year", "all")
    rows = []
    for told in indicators().values():
        types = sorted(told.period_types, key=order.index)
        rows += [
            {"indicator": told.code, "period_type": short, "longer_type": long}
            for short, long in pairwise(types)
        ]
    return pa.Table.from_pylist(rows)
