"""In a merged province some units still bear the codes of the old one; the truth tells both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from catalog.area_changes import root
from catalog.areas import province_since_34
from catalog.identifiers import dossier_unit, unit_code
from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA
from catalog.records import records
from catalog.sources import Source, sources
from simulator import Nation
from simulator.nation import local
from simulator.truth import truth, truth_as_reported
from transforms.conform import conform
from transforms.indicators import indicators, measure, observe

OPENS, NIGHT = dt.date(2026, 9, 1), Night.parse("2026-10-10")
MERGED = {"thai_nguyen": "H55", "lam_dong": "H36"}


@dataclass(frozen=True)
class OfTwo(Nation):
    """A nation of two merged provinces."""

    @property
    def sources(self) -> dict[str, Source]:
        return {name: sources()[name] for name in MERGED}


@pytest.fixture(scope="module")
def nation() -> OfTwo:
    return OfTwo(OPENS, dossiers=60_000, seed=11)


def rows(nation: Nation, source_id: str) -> list[Any]:
    opens = dt.datetime.combine(OPENS, dt.time())
    window = nation.window(source_id, "dossier", opens, local(NIGHT.cutoff))
    return [item.row() for item in window if item.subject.is_real and item.copy == 0]


def test_both_provinces_codes_live_on_in_a_merged_one(nation: Nation) -> None:
    for source_id, area in MERGED.items():
        units = {root(dossier_unit(row["MaHoSo"])) for row in rows(nation, source_id)}
        assert {province_since_34()[unit] for unit in units} == {area}
        assert area in units
        assert len(units) > 1


def test_whoever_was_never_merged_has_one_root() -> None:
    nation = Nation(OPENS, seed=11)
    for source_id in ("ha_noi", "cao_bang", "bo_tu_phap"):
        habits = nation.habits[source_id]
        units = [unit_code(habits.unit(n)) for n in range(1, habits.agencies + 1)]
        assert {root(unit) for unit in units} == {nation.sources[source_id].area}


@pytest.fixture(scope="module")
def published(nation: Nation) -> list[dict[str, Any]]:
    """What is published of both, out of the rows as they are sent."""
    batches = []
    for source_id in MERGED:
        pages = [("0" * 64, rows(nation, source_id))]
        found = conform(sources()[source_id], records()["dossier"], NIGHT, pages, b"key")
        assert {reason["reason"] for reason in found.rejects.to_pylist()} == set()
        batches.append(found.table)
    reporting = [
        {"area": area, "stream": "dossier", "starts_on": OPENS, "complete_through": NIGHT.on}
        for area in MERGED.values()
    ]
    with duckdb.connect() as connection:
        connection.register("dossier", pa.concat_tables(batches))
        counts = measure(connection, {"dossier": "dossier"}, NIGHT)
    expected = pa.Table.from_pylist(reporting, REPORTING_SCHEMA)
    table: list[dict[str, Any]] = observe(counts, expected, NIGHT, "r").to_pylist()
    return table


def of_one_delivery() -> set[str]:
    """The indicators that need no other records, nor what the lake remembers of versions."""
    of_dossiers = (i for i in indicators().values() if i.record == "dossier" and not i.view)
    return {i.code for i in of_dossiers if "first_due" not in i.numerator + i.denominator}


@pytest.mark.parametrize("borders", ["34", "63"])
def test_what_is_published_equals_the_truth(
    nation: Nation, published: list[dict[str, Any]], borders: str
) -> None:
    told = truth(nation, NIGHT.on) if borders == "34" else truth_as_reported(nation, NIGHT.on)
    expected = {key: counts for key, counts in told.items() if key[0] in of_one_delivery()}
    found = {
        (row["indicator"], row["area"], row["period"]): (row["numerator"], row["denominator"])
        for row in published
        if row["borders"] == borders and row["level"] in ("province", "nation")
    }
    assert len({area for _, area, _ in expected}) > (2 if borders == "34" else 4)
    assert {k: (v, found.get(k)) for k, v in expected.items() if found.get(k) != v} == {}
