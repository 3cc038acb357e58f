"""Effects: what each indicator would be if the rows that a source's checks refuse were right as
they stand. A replay after the rule is changed gives exactly these figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import sqlalchemy as sa

from catalog.night import Night
from catalog.records import stored_records
from catalog.settings import settings
from pipeline import counting
from pipeline.explain.definition import kinds_read
from pipeline.explain.made_of import totals, value_of
from pipeline.explain.published import BORDERS, TOLD, days_of, known_since, left_out_of
from pipeline.explain.quarantined import entering, open_findings
from pipeline.releases import release_folder, release_id
from transforms.indicators import indicators
from transforms.indicators.behind import Asked, find_behind
from transforms.indicators.living import living_relations
from transforms.indicators.runners import DuckDBRunner
from warehouse.tables.ops import finding, ledger

Row = dict[str, Any]
LENGTHS = ("month", "quarter", "year", "all")
"""Kinds of periods, the shortest first: of these the newest is told; a day says little."""
WITH_NUMBERS = ("provisional", "final", "no_data")


def effects(source_id: str, night: Night) -> list[Row]:
    """For each indicator of an area that a source's open findings are about: the newest period
    as published on `night` (numerator, denominator, value), and ``..._with`` the rows.

    `rows` is how many are refused of the record kinds that the figure reads, `counted` how many of
    them it would count. The others change nothing: they are of another period, have come in a newer
    version, or need a new value first. None where the figure does not tell its records apart.
    Figures without numbers (missing, withheld) have no row. Nothing is told before the night is
    published.
    """
    folder = release_folder(night.on)
    found = open_findings(night, list(stored_records()), *_of_source(source_id))
    if not found or folder is None or folder.name != release_id(night):
        return []
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        connection.execute("SET enable_progress_bar = false")
        living = _living(connection, found, night)
        apart = left_out_of(folder)
        rows = []
        for figure, asked in _figures(folder, found):
            find_behind(connection, asked, living, night, apart)
            rows.append({**figure, **_with(connection, asked, found)})
    return rows


def _of_source(source_id: str) -> list[sa.ColumnElement[bool]]:
    """The findings of its batches that were merged: the rows of one that is held come again."""
    held = sa.select(ledger.c.batch_id).where(ledger.c.verdict == "held")
    return [finding.c.source_id == source_id, finding.c.batch_id.not_in(held)]


def _living(
    connection: duckdb.DuckDBPyConnection, found: list[Row], night: Night
) -> dict[str, str]:
    known = counting.relations(night)
    refused = {kind: known[kind] for kind in {row["record"] for row in found}}
    with_them = {**known, **entering(connection, found, refused)}
    return living_relations(DuckDBRunner(connection), with_them, night)


def _figures(folder: Path, found: list[Row]) -> Iterator[tuple[Row, Asked]]:
    """The figures that the rows may change, of each area and indicator the newest period, with the
    question that they answer."""
    kinds = {row["record"] for row in found}
    for area in sorted({row["row"]["area_code"] for row in found}):
        published = _published(folder, area)
        for code, declared in indicators().items():
            newest = _newest(published.get(code, []))
            if newest and kinds & set(kinds_read(declared)):
                first, last = days_of(newest["period"])
                yield newest, Asked(code, area, first, last, known_since(published[code]))


def _published(folder: Path, area: str) -> dict[str, list[Row]]:
    filters = [("area", "=", area), ("borders", "=", BORDERS)]
    file = folder / "observations.parquet"
    table = pq.read_table(file, columns=TOLD, filters=filters, partitioning=None)
    rows: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        rows.setdefault(row["indicator"], []).append(row)
    return rows


def _newest(rows: list[Row]) -> Row | None:
    """The newest period of the shortest kind, where it has numbers."""
    for length in LENGTHS:
        alike = [row for row in rows if row["period_type"] == length]
        if alike:
            newest = max(alike, key=lambda row: str(row["period"]))
            names = ("indicator", "area", "period", "numerator", "denominator", "value")
            has_numbers = newest["status"] in WITH_NUMBERS
            return {name: newest[name] for name in names} if has_numbers else None
    return None


def _with(connection: duckdb.DuckDBPyConnection, asked: Asked, found: list[Row]) -> Row:
    """What is ``behind`` the figure now that the rows are in."""
    numerator, denominator = totals(connection)
    kinds = set(kinds_read(asked.declared))
    refused = {
        (row["record"], row["row"]["key_hash"])
        for row in found
        if row["record"] in kinds and row["row"]["area_code"] == asked.area
    }
    return {
        "numerator_with": numerator,
        "denominator_with": denominator,
        "value_with": value_of(asked.declared.unit, numerator, denominator),
        "rows": len(refused),
        "counted": _counted(connection, asked, {kind for kind, _ in refused}),
    }


def _counted(connection: duckdb.DuckDBPyConnection, asked: Asked, kinds: set[str]) -> int | None:
    """How many of the entering rows the figure counts."""
    merged = connection.sql("SELECT count(*) FROM behind WHERE key_hash IS NULL").fetchall()
    if merged != [(0,)] or kinds - {part.record for part in asked.declared.parts}:
        return None
    refused = " UNION ALL ".join(f"SELECT key_hash FROM entering_{kind}" for kind in sorted(kinds))
    if not refused:
        return 0
    [(count,)] = connection.sql(
        f"SELECT count(DISTINCT key_hash) FROM ({refused}) SEMI JOIN behind USING (key_hash)"
    ).fetchall()
    return int(count)
