"""What is read off the figures lies beside them: as files, in Postgres, and on the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import motcua
from catalog import settings as catalog_settings
from tests.figures.made import NIGHT, RELEASE, figure, table
from transforms.figures import derived, withhold
from warehouse.files import Content, write_release
from warehouse.postgres import Warehouse

COUNTS = {
    "2026-09": {"VN": (150, 300), "H26": (80, 100), "H29": (70, 200)},
    "2026-10": {"VN": (160, 300), "H26": (80, 100), "H29": (60, 100), "G03": (20, 100)},
}
PUBLISHED = withhold(
    table(*(figure(a, p, *n) for p, areas in COUNTS.items() for a, n in areas.items())), NIGHT
)
BESIDE = derived(PUBLISHED, NIGHT)


def stored(warehouse: Warehouse, name: str) -> list[dict[str, Any]]:
    with warehouse.engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT * FROM mart.{name}")).mappings()
        return [dict(row) for row in rows]


def in_any_order(rows: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((name, str(value)) for name, value in row.items()) for row in rows)


def test_postgres_holds_what_the_tables_say(warehouse: Warehouse) -> None:
    changed = warehouse.publish(RELEASE, PUBLISHED, {}, [], BESIDE)
    for name, rows in BESIDE.items():
        assert changed[name] == rows.num_rows > 0
        assert in_any_order(stored(warehouse, name)) == in_any_order(rows.to_pylist())
    again = warehouse.publish(RELEASE, PUBLISHED, {}, [], BESIDE)
    assert set(again.values()) == {0}
    nothing = {name: rows.slice(0, 0) for name, rows in BESIDE.items()}
    gone = warehouse.publish(RELEASE, PUBLISHED, {}, [], nothing)
    assert {name: gone[name] for name in BESIDE} == {n: t.num_rows for n, t in BESIDE.items()}
    assert all(stored(warehouse, name) == [] for name in BESIDE)


def test_a_table_of_a_release_before_stays(warehouse: Warehouse) -> None:
    warehouse.publish(RELEASE, PUBLISHED, {}, [], BESIDE)
    later = "nightly-2026-11-23"
    renamed = {name: of(later, rows) for name, rows in BESIDE.items()}
    warehouse.publish(later, of(later, PUBLISHED), {}, [], renamed)
    assert len(stored(warehouse, "ranking")) == 2 * BESIDE["ranking"].num_rows


def of(release: str, rows: pa.Table) -> pa.Table:
    column = pa.array([release] * rows.num_rows, pa.string())
    return rows.set_column(0, rows.schema.field("release"), column)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with one release."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    catalog_settings.settings.cache_clear()
    write_release(
        catalog_settings.settings().published_dir, RELEASE, Content(PUBLISHED, [], BESIDE)
    )
    yield tmp_path
    catalog_settings.settings.cache_clear()


def test_a_release_has_them_as_parquet_and_csv(home: Path) -> None:
    folder = home / "published" / RELEASE
    for name, rows in BESIDE.items():
        assert pq.read_table(folder / f"{name}.parquet", partitioning=None).equals(rows)
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.DictReader(file))) == rows.num_rows
        assert f"  {name}.csv\n" in (folder / "SHA256SUMS").read_text(encoding="utf-8")


def asked(*words: str) -> str:
    told = CliRunner().invoke(motcua.app, ["ranking", *words])
    assert told.exit_code == 0, told.output
    return told.stdout


def test_a_ranking_is_shown(home: Path) -> None:
    shown = asked("online_submission_share", "--period", "2026-10")
    lines = [line.split() for line in shown.splitlines()]
    [first, second] = [line for line in lines if {"H26", "H29"} & set(line)]
    assert first[:2] == ["1", "H26"]
    assert second[:2] == ["2", "H29"]
    assert "80.00%" in first
    words = ("online_submission_share", "--period", "2026-10", "--kind", "ministry", "--json")
    [ministry] = json.loads(asked(*words))
    assert (ministry["area"], ministry["rank"], ministry["tier"]) == ("G03", 1, "worse")


def test_a_ranking_that_does_not_exist_is_refused_by_name(home: Path) -> None:
    for words in (["pending_count", "--period", "2026-10"], ["on_time_rate", "--period", "all"]):
        told = CliRunner().invoke(motcua.app, ["ranking", *words])
        assert told.exit_code == 2


def test_a_withheld_figure_is_shown_with_its_reason(home: Path) -> None:
    words = ["indicator", "online_submission_share", "--area", "H26", "--period", "2026-Q3"]
    hidden = withhold(table(figure("H26", "2026-Q3", 60, 90, coverage=0.0)), NIGHT)
    write_release(catalog_settings.settings().published_dir, RELEASE, Content(hidden, []))
    told = CliRunner().invoke(motcua.app, words)
    assert told.exit_code == 0, told.output
    assert "withheld" in told.stdout
    assert "Chưa đủ dữ liệu" in told.stdout
    assert "90" not in told.stdout
