"""How many records a figure is made of, by source, by night and by whatever they say in codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from catalog.codelists import name_of
from catalog.night import Night
from catalog.records import records
from catalog.sources import sources
from pipeline.explain.published import Published, area_name
from transforms.indicators.behind import Asked, coded_columns, find_behind, part_name

Row = dict[str, Any]
TOTALS = """coalesce(sum(numerator), 0)::BIGINT AS numerator,
    coalesce(sum(denominator), 0)::BIGINT AS denominator"""


def totals(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Numerator and denominator of what is ``behind``."""
    [(numerator, denominator)] = connection.sql(f"SELECT {TOTALS} FROM behind").fetchall()
    return numerator, denominator


def made_of(
    connection: duckdb.DuckDBPyConnection,
    published: Published,
    living: Mapping[str, str],
) -> Row:
    """What the figure counts, and whether that adds up to what was published."""
    find_behind(connection, published.asked, living, published.night, published.not_fed)
    numerator, denominator = totals(connection)
    stated = published.row["numerator"], published.row["denominator"]
    return {
        "numerator": numerator,
        "denominator": denominator,
        "value": value_of(published.asked.declared.unit, numerator, denominator),
        "adds_up": None if None in stated else stated == (numerator, denominator),
        **_records(connection),
        "by": {
            "part": _by(connection, "part"),
            "source": [_named(r, _source_name) for r in _by(connection, "source_id")],
            "night": _by(connection, "batch_on"),
            "batch": _batches(connection, published.asked),
            "area": [_named(r, area_name) for r in _by(connection, "area")],
            "agency": _by(connection, "agency"),
            **_by_codes(connection, published.asked),
        },
    }


def left_out(
    connection: duckdb.DuckDBPyConnection,
    published: Published,
    living: Mapping[str, str],
) -> list[Row]:
    """What the sources that must not feed the indicator would add. Replaces ``behind``."""
    without = published.not_fed.get(published.asked.indicator, frozenset())
    if not without:
        return []
    find_behind(connection, published.asked, living, published.night)
    found = [_named(r, _source_name) for r in _by(connection, "source_id")]
    return [{**r, "reason": "constant_column"} for r in found if r["value"] in without]


def value_of(unit: str, numerator: int, denominator: int) -> float | None:
    """The published value of these counts; none for 0/0."""
    if denominator <= 0:
        return None
    return float(numerator) if unit == "count" else numerator / denominator


def _records(connection: duckdb.DuckDBPyConnection) -> Row:
    """Records, each once; one that came and left again is not in the numerator of a balance. Of a
    view that makes one row of several records, its rows."""
    [(below, above)] = connection.sql("""
        SELECT count(*) FILTER (denominator <> 0), count(*) FILTER (numerator <> 0) FROM (
            SELECT sum(numerator) AS numerator, sum(denominator) AS denominator
            FROM behind GROUP BY source_id, coalesce(key_hash, rowid))""").fetchall()
    return {"records_in_denominator": below, "records_in_numerator": above}


def _by(connection: duckdb.DuckDBPyConnection, column: str) -> list[Row]:
    rows = connection.sql(
        f"SELECT {column}, {TOTALS} FROM behind GROUP BY {column}"
        f" ORDER BY denominator DESC, numerator DESC, {column}"
    ).fetchall()
    return [
        {"value": None if v is None else str(v), "numerator": n, "denominator": d}
        for v, n, d in rows
    ]


def _by_codes(connection: duckdb.DuckDBPyConnection, asked: Asked) -> dict[str, list[Row]]:
    """A breakdown for each coded column of which the rows have more than one value."""
    fields = {n: f for p in asked.declared.parts for n, f in records()[p.record].fields.items()}
    found = {}
    for column in coded_columns(asked.declared):
        rows, listed = _by(connection, column), str(fields[column].codes)
        if len(rows) > 1:
            found[column] = [_named(row, lambda code, of=listed: name_of(of, code)) for row in rows]
    return found


def _batches(connection: duckdb.DuckDBPyConnection, asked: Asked) -> list[Row]:
    """By delivery: the one whose version of a record is counted. None for a view that makes one
    row of several records."""
    kinds = {part_name(asked.declared, part): part.record for part in asked.declared.parts}
    rows = connection.sql(
        f"SELECT part, source_id, batch_on, {TOTALS} FROM behind WHERE batch_on IS NOT NULL"
        " GROUP BY ALL ORDER BY batch_on DESC, source_id, part"
    ).fetchall()
    found: dict[str, Row] = {}
    for part, source_id, batch_on, numerator, denominator in rows:
        batch_id = Night(batch_on).batch_id(source_id, kinds[part])
        row = found.setdefault(batch_id, {"value": batch_id, "numerator": 0, "denominator": 0})
        row["numerator"] += numerator
        row["denominator"] += denominator
    return list(found.values())


def _named(row: Row, name: Any) -> Row:
    return {"value": row["value"], "name_vi": name(row["value"]) if row["value"] else "", **row}


def _source_name(source_id: str) -> str:
    return sources()[source_id].name_vi if source_id in sources() else ""
