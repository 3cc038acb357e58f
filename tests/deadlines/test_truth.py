"""A small nation: its rows conformed, merged over nights, measured, and compared with its truth."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source, sources
from simulator import Nation
from simulator.nation import Item, local
from simulator.truth import Counts, truth
from transforms.conform import conform
from transforms.indicators import measure
from warehouse.lake import Lake

OPENS_ON = dt.date(2026, 8, 20)
NIGHTS = [dt.date(2026, 9, 3), dt.date(2026, 9, 12), dt.date(2026, 10, 20), dt.date(2026, 11, 25)]
"""The first night comes two weeks late, and others are missed."""
ASKED = ("ho_chi_minh", "thanh_hoa", "ha_noi", "bo_khoa_hoc_va_cong_nghe", "bo_tai_chinh")
CATALOGUE, SILENT = "cong_dvcqg_thu_tuc", "ha_noi"
KINDS = ("dossier", "dossier_event", "procedure")
OURS = {
    *("on_time_rate_recomputed", "on_time_rate_original", "deadline_gap_share"),
    *("deadline_promised_later_share", "due_date_moved_share", "due_date_missing_share"),
    *("mean_handling_days", "on_time_rate_766"),
}


@dataclass(frozen=True)
class Country(Nation):
    """A few sources in one dialect, of which one sends no events, and the catalogue."""

    @property
    def sources(self) -> dict[str, Source]:
        asked = {name: sources()[name] for name in (*ASKED, CATALOGUE)}
        same = {"platform": "lgsp_json", "mapping": {}, "dialect": ""}
        spoken = {n: s.model_copy(update=same) for n, s in asked.items() if n != CATALOGUE}
        spoken[SILENT] = spoken[SILENT].model_copy(update={"records": ["dossier"]})
        return {**asked, **spoken}


def is_merged(item: Item) -> bool:
    """Not a defect that is turned away, and no dossier that waits for its reception."""
    if item.copy or not getattr(item.subject, "is_real", True):
        return False
    return item.record != "dossier" or item.state.received_at is not None


def batches(
    nation: Country, kind: str, since: dt.date, on: dt.date, folder: Path
) -> dict[str, Path]:
    """What real dossiers say in a window, as conform leaves it."""
    found, night = {}, Night(on)
    since_at = dt.datetime.combine(since, dt.time())
    for source in nation.sources.values():
        if kind not in source.records:
            continue
        items = nation.window(source.source_id, kind, since_at, local(night.cutoff))
        rows = [item.row() for item in items if is_merged(item)]
        done = conform(source, records()[kind], night, [("0" * 64, rows)], b"key")
        assert not done.rejected
        batch_id = night.batch_id(source.source_id, kind)
        found[batch_id] = folder / f"{batch_id}.parquet"
        pq.write_table(done.table, found[batch_id])
    return found


@pytest.fixture(scope="module")
def country(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Country, dict[dt.date, pa.Table]]:
    folder = tmp_path_factory.mktemp("deadlines")
    nation = Country(OPENS_ON, dossiers=12_000)
    nation.asked_on.update({name: frozenset(NIGHTS) for name in ASKED})
    lake, since, counted = Lake(folder / "lake", "1GB"), OPENS_ON, {}
    for on in NIGHTS:
        for kind in KINDS:
            lake.merge(records()[kind], Night(on), batches(nation, kind, since, on, folder))
        with duckdb.connect() as connection:
            relations = {kind: lake.current(records()[kind]) for kind in KINDS}
            counted[on] = measure(connection, relations, Night(on))
        since = on + dt.timedelta(days=1)
    return nation, counted


def by_month(measures: pa.Table) -> Counts:
    numerators: Counter[tuple[str, str, str]] = Counter()
    denominators: Counter[tuple[str, str, str]] = Counter()
    for row in measures.to_pylist():
        if row["agency"] is None and row["indicator"] in OURS:
            key = row["indicator"], row["area"], f"{row['starts_on']:%Y-%m}"
            numerators[key] += row["numerator"]
            denominators[key] += row["denominator"]
    return {key: (numerators[key], denominators[key]) for key in denominators}


@pytest.mark.parametrize("on", NIGHTS)
def test_deadlines_equal_the_truth_of_every_area_and_month(
    country: tuple[Country, dict[dt.date, pa.Table]], on: dt.date
) -> None:
    nation, counted = country
    expected = {
        k: v
        for k, v in truth(nation, on).items()
        if k[0] in OURS and len(k[2]) == 7 and k[2][5] != "Q" and k[1] != "VN"
    }
    assert by_month(counted[on]) == expected
    assert {key[0] for key in expected} == OURS
