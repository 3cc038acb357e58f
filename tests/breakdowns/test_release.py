"""A release holds its breakdown, says so in the warehouse, and makes it again byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from catalog.outcomes import BREAKDOWN_SCHEMA
from tests.breakdowns.made import shown
from tests.vintages.conftest import Land, dossiers
from warehouse.postgres import Warehouse
from warehouse.tables.comparisons import breakdown

pytestmark = pytest.mark.slow
NIGHT = "11-05"
NIGHTLY, FROZEN = f"nightly-2026-{NIGHT}", "2026.10.1"
CUT = ("-m", "motcua", "release", "cut", "2026-10", "--yes", "--at", "2026-11-11T15:00")
SHARE = "online_submission_share"
FILES = {"breakdown.parquet", "breakdown.csv", "procedure.parquet", "procedure.csv"}


@pytest.fixture(scope="module")
def country(land: Land) -> Land:
    """A night, and the release of October that was cut of it."""
    sent = [
        *dossiers("H57", range(40)),
        *dossiers("H57", range(100, 130), channel="in_person"),
        *dossiers("H57", range(200, 205), channel="postal"),
    ]
    land.night(NIGHT, {("hue", "dossier"): sent})
    land.run(*CUT)
    return land


def of(country: Land, release: str) -> pa.Table:
    return pq.read_table(country.home / "published" / release / "breakdown.parquet")


def in_warehouse(country: Land, release: str) -> list[dict[str, Any]]:
    query = sa.select(breakdown).where(breakdown.c.release == release)
    with Warehouse(country.url).engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def sums(folder: Path) -> set[str]:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {line.split("  ")[1] for line in lines}


def test_what_is_few_is_withheld_and_the_rest_stands(country: Land) -> None:
    found = of(country, NIGHTLY)
    assert found.schema.equals(BREAKDOWN_SCHEMA)
    rows = [r for r in found.to_pylist() if (r["indicator"], r["dimension"]) == (SHARE, "channel")]
    told = shown(pa.Table.from_pylist(rows, BREAKDOWN_SCHEMA))
    assert {item: what for (item, period), what in told.items() if period == "2026-10"} == {
        "postal": "small_cell",
        "in_person": "secondary_cell",
        "online": 40,
    }


@pytest.mark.parametrize("release", [NIGHTLY, FROZEN])
def test_the_warehouse_has_what_the_files_have(country: Land, release: str) -> None:
    rows = of(country, release).to_pylist()
    assert {row["release"] for row in rows} == {release}
    stored = {tuple(sorted(row.items(), key=str)) for row in in_warehouse(country, release)}
    assert stored == {tuple(sorted(row.items(), key=str)) for row in rows}


def test_a_frozen_release_says_what_the_night_said(country: Land) -> None:
    nightly, frozen = (of(country, r).drop_columns("release") for r in (NIGHTLY, FROZEN))
    assert frozen.equals(nightly)


def test_it_is_made_again_byte_for_byte(country: Land) -> None:
    assert sums(country.home / "published" / FROZEN) >= FILES
    found = country.json("release", "reproduce", FROZEN)
    assert (found["different"], found["reasons"]) == ([], [])
    assert set(found["same"]) >= FILES
