"""Effects: what each indicator of an area would be if the rows that checks refuse of its sources
were right as they stand. A replay after the rules are changed gives exactly these figures."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import sqlalchemy as sa

from catalog.night import Night
from catalog.records import stored_records
from catalog.score_card import Effect
from catalog.settings import settings
from catalog.sources import sources
from expectations.check import checks
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
from warehouse.tables.replay import replay

Row = dict[str, Any]
LENGTHS = ("month", "quarter", "year", "all")
"""Kinds of periods, the shortest first: of these the newest is told; a day says little."""
WITH_NUMBERS = ("provisional", "final", "no_data")


def effects_of(area: str, night: Night) -> tuple[Effect, ...]:
    """The figures of an area that the open findings of its sources would move, all their rows let
    in at once: of each indicator the newest period, as published on `night` and ``..._with`` the
    rows. The headline figures stand first, then what moves most against where it stands.

    `rows` is how many are refused of the record kinds that the figure reads, `counted` how many of
    them it would count. The others change nothing: they are of another period, have come in a newer
    version, or need a new value first. None where the figure does not tell its records apart.
    Figures without numbers (missing, withheld) have no effect to tell; one that is told may itself
    be withheld once the rows are in. Nothing is told before the night is published.
    """
    folder = release_folder(night.on)
    found = _refused(area, night)
    if not found or folder is None or folder.name != release_id(night):
        return ()
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        connection.execute("SET enable_progress_bar = false")
        living = _living(connection, found, night)
        apart = left_out_of(folder)
        told = []
        for figure, asked in _figures(folder, area, {row["record"] for row in found}):
            find_behind(connection, asked, living, night, apart)
            told.append(Effect(**figure, **_with(connection, asked, found)))
    moved = (effect for effect in told if effect.value != effect.value_with)
    return tuple(sorted(moved, key=_by_weight))


def _refused(area: str, night: Night) -> list[Row]:
    """The open findings of the area's sources about rows that it can mend: not those that a check
    of our own (``internal``) holds back as well. The rows of a batch that is held come again,
    unless a person has let it in."""
    own = [source.source_id for source in sources().values() if source.area == area]
    let_in = sa.select(replay.c.replays).where(
        replay.c.released_by.is_not(None), replay.c.batch_on <= night.on
    )
    held = sa.select(ledger.c.batch_id).where(
        ledger.c.verdict == "held", ledger.c.batch_id.not_in(let_in)
    )
    asked = (finding.c.source_id.in_(own), finding.c.batch_id.not_in(held))
    found = open_findings(night, list(stored_records()), *asked)
    ours = {_place(row) for row in found if _is_ours(row["check_id"])}
    return [row for row in found if _place(row) not in ours]


def _is_ours(check_id: str) -> bool:
    known = checks().get(check_id)
    return known is not None and known.responsibility == "internal"


def _place(found: Row) -> tuple[str, int]:
    return found["row"]["page_sha256"], found["row"]["page_row"]


def _by_weight(effect: Effect) -> tuple[bool, float, str]:
    """A share and a count are compared by how far each moves from where it stands; what had no
    value, or was nothing, moves furthest."""
    before, after = effect.value or 0.0, effect.value_with or 0.0
    moved = abs(after - before)
    far = -moved / abs(before) if before else -inf if moved else 0.0
    return not indicators()[effect.indicator].headline, far, effect.indicator


def _living(
    connection: duckdb.DuckDBPyConnection, found: list[Row], night: Night
) -> dict[str, str]:
    known = counting.relations(night)
    refused = {kind: known[kind] for kind in {row["record"] for row in found}}
    with_them = {**known, **entering(connection, found, refused)}
    return living_relations(DuckDBRunner(connection), with_them, night)


def _figures(folder: Path, area: str, kinds: set[str]) -> Iterator[tuple[Row, Asked]]:
    """The figures of the area that rows of these kinds may change, of each indicator the newest
    period, with the question that they answer."""
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
