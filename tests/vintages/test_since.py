"""What the lake learnt between two nights: late, gone on, or corrected."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import records
from tests.vintages.conftest import Row, at, dossiers, full_row, hashed
from warehouse.lake import Lake

DOSSIER = records()["dossier"]
THEN, NOW = Night.parse("2026-11-20"), Night.parse("2026-11-22")
OPEN: dict[str, Any] = {"status": "processing", "finished_at": None, "version_at": at("11-10")}


def merge(lake: Lake, night: Night, rows: list[Row]) -> None:
    path = lake.folder / f"{night}.parquet"
    path.parent.mkdir(exist_ok=True)
    full = [full_row("dossier", "hue", night, row) for row in rows]
    pq.write_table(pa.Table.from_pylist(full, DOSSIER.arrow_schema), path)
    lake.merge(DOSSIER, night, {night.batch_id("hue", "dossier"): path})


def cause(folder: Path, then: dict[str, Any] | None, now: dict[str, Any]) -> str | None:
    """Why the one dossier differs that was known as `then`, and now as `now`."""
    lake = Lake(folder / "lake", "500MB")
    merge(lake, THEN, dossiers("H57", range(1), **then) if then is not None else [])
    merge(lake, NOW, dossiers("H57", range(1), **now))
    rows = lake.changes(DOSSIER, THEN, NOW).to_pylist()
    assert [row["key_hash"] for row in rows] in ([], [hashed("hue H57-0")])
    return rows[0]["cause"] if rows else None


DONE = {"status": "finished", "finished_at": at("11-21"), "version_at": at("11-21")}
CASES: dict[str, tuple[dict[str, Any] | None, dict[str, Any], str | None]] = {
    "a new key is late": (None, {}, "late_data"),
    "the same content again is nothing": (OPEN, {**OPEN, "version_at": at("11-21")}, None),
    "an open case that is finished goes on": (OPEN, DONE, "progress"),
    "a finished one that is handed over goes on": (
        {},
        {"status": "returned", "returned_at": at("11-21"), "version_at": at("11-21")},
        "progress",
    ),
    "what was done before and told after is late": (
        OPEN,
        {"finished_at": at("11-19"), "version_at": at("11-19", 5)},
        "late_data",
    ),
    "an end that is dated back is a correction": (
        OPEN,
        {**DONE, "finished_at": at("11-15")},
        "source_correction",
    ),
    "another channel is a correction": (OPEN, {**DONE, "channel": "direct"}, "source_correction"),
    "a new due date of an open case goes on": (
        OPEN,
        {**OPEN, "due_at": at("11-30"), "version_at": at("11-21")},
        "progress",
    ),
    "a closed case that is opened again is a correction": (
        {},
        {**OPEN, "version_at": at("11-21")},
        "source_correction",
    ),
    "a content changed under the same time is a correction": (
        OPEN,
        {**OPEN, "channel": "direct", "status": "payment_requested"},
        "source_correction",
    ),
    "a deletion is a correction": (
        OPEN,
        {**OPEN, "is_deleted": True, "version_at": at("11-21")},
        "source_correction",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_why_a_record_differs(tmp_path: Path, name: str) -> None:
    then, now, expected = CASES[name]
    assert cause(tmp_path, then, now) == expected


def test_what_came_in_nights_between_counts_too(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake", "500MB")
    merge(lake, THEN, dossiers("H57", range(2), **OPEN))
    merge(lake, Night(THEN.on + dt.timedelta(days=1)), dossiers("H57", range(1), **DONE))
    merge(lake, NOW, dossiers("H57", range(5, 6)))
    lake.compact(DOSSIER)
    found = lake.changes(DOSSIER, THEN, NOW).to_pylist()
    assert sorted(row["cause"] for row in found) == ["late_data", "progress"]


def test_a_night_merged_again_with_other_rows_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake", "500MB")
    merge(lake, THEN, dossiers("H57", range(2)))
    merge(lake, NOW, dossiers("H57", range(2, 3)))
    before = lake.known(DOSSIER, NOW)
    lake.compact(DOSSIER)
    assert lake.known(DOSSIER, NOW) == before
    merge(lake, THEN, dossiers("H57", range(3)))
    now = lake.known(DOSSIER, NOW)
    assert now.digest != before.digest
    assert list(before.replaced(now)) == [(THEN.on, "hue.dossier.2026-11-20", "changed")]
    assert lake.known(DOSSIER, NOW, before.version) == before
