"""The examples for analysts (docs/analysts) run, and say what the release says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
import sqlalchemy as sa

from catalog.outcomes import OBSERVATION_SCHEMA
from tests.warehouse.samples import definition, dossiers, findings
from warehouse.files import Content, write_release
from warehouse.postgres import Warehouse
from warehouse.tables import metadata

EXAMPLES = Path(__file__).parents[2] / "docs" / "analysts"
RELEASE = "nightly-2026-11-22"
SHARE = definition("online_submission_share", "online", name_vi="Tỷ lệ hồ sơ trực tuyến")
COUNTS = {
    ("H26", "2026-09"): (60, 80), ("H26", "2026-10"): (90, 100),
    ("H29", "2026-09"): None, ("H29", "2026-10"): (50, 200),
}  # fmt: skip


def _figures() -> pa.Table:
    """Two provinces and two months on both kinds of borders; one province is missing once."""
    rows = []
    for borders in ("34", "63"):
        for (area, period), counts in COUNTS.items():
            n, d = counts or (None, None)
            rows.append({
                "release": RELEASE, "indicator": SHARE["code"], "definition_version": 1,
                "borders": borders, "area": area, "level": "province", "period": period,
                "period_type": "month", "numerator": n, "denominator": d,
                "value": counts and counts[0] / counts[1], "coverage": 1.0 if counts else 0.0,
                "status": "final" if counts else "missing",
                "reason": "" if counts else "not_reported",
            })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=OBSERVATION_SCHEMA)


def told(area: str, period: str) -> str:
    counts = COUNTS[area, period]
    return f"{counts[0] / counts[1]:.4f}" if counts else "not_reported"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    published = tmp_path_factory.mktemp("published")
    write_release(published, RELEASE, Content(_figures(), [SHARE]))
    return published / "latest"


@pytest.fixture(scope="module")
def filled(server: str) -> Warehouse:
    warehouse = Warehouse(server)
    with warehouse.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {', '.join(map(str, metadata.tables.values()))}"))
    warehouse.publish(RELEASE, _figures(), {}, [SHARE])
    warehouse.write_findings("ha_noi.dossier.2026-11-22", findings(0, 2, None), dossiers(3))
    return warehouse


@contextmanager
def login(warehouse: Warehouse, role: str) -> Iterator[sa.URL]:
    """The address of somebody who was granted a role."""
    with warehouse.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE analyst LOGIN IN ROLE {role}")
    yield warehouse.url.set(username="analyst")
    with warehouse.engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE analyst")


def sql(warehouse: Warehouse, role: str, example: str) -> list[Any]:
    with login(warehouse, role) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            text = (EXAMPLES / example).read_text(encoding="utf-8")
            return list(connection.execute(sa.text(text)))


def run(*command: str | Path) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [line.strip() for line in done.stdout.splitlines()]


def test_a_share_by_month(filled: Warehouse) -> None:
    assert sql(filled, "public_reader", "share.sql") == [
        ("2026-09", "Hà Nội", 60, 80, 0.75, "final", ""),
        ("2026-10", "Hà Nội", 90, 100, 0.9, "final", ""),
    ]


def test_a_theme_and_its_changes(filled: Warehouse) -> None:
    found = sql(filled, "national_office", "trend.sql")
    assert [tuple(row) for row in found] == [
        ("Hà Nội", "2026-09", 0.75, None), ("Hà Nội", "2026-10", 0.9, pytest.approx(0.15)),
        ("Hồ Chí Minh", "2026-09", None, None), ("Hồ Chí Minh", "2026-10", 0.25, None),
    ]  # fmt: skip


def test_provinces_together(filled: Warehouse) -> None:
    found = sql(filled, "public_reader", "regions.sql")
    assert found == [("2026-09", 60 / 80, 1), ("2026-10", 140 / 300, 2)]
    assert sql(filled, "province_ha_noi", "regions.sql") == [
        ("2026-09", 60 / 80, 1), ("2026-10", 90 / 100, 1),
    ]  # fmt: skip


def test_a_provinces_own_problems(filled: Warehouse) -> None:
    found = sql(filled, "province_ha_noi", "own_problems.sql")
    assert [row[:4] for row in found] == [("ha_noi", "dossier", "due_before_received", 2)]
    assert sql(filled, "province_hue", "own_problems.sql") == []


def test_python_on_the_files(folder: Path) -> None:
    lines = run(sys.executable, EXAMPLES / "files.py", folder)
    assert lines == [
        *(f"duckdb {p} {a} {told(a, p)}" for p in ("2026-09", "2026-10") for a in ("H26", "H29")),
        "pandas 2026-09 H26=0.7500",
        "pandas 2026-10 H26=0.9000 H29=0.2500",
        "Tỷ lệ hồ sơ trực tuyến | Tử số / mẫu số",
    ]


def test_python_on_postgres(filled: Warehouse) -> None:
    with login(filled, "province_ha_noi") as url:
        lines = run(sys.executable, EXAMPLES / "postgres.py", url.render_as_string())
    assert lines == [
        *(f"{period} Hà Nội {told('H26', period)}" for period in ("2026-09", "2026-10")),
        "Giá trị. The figure; missing is not zero.",
    ]


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R (Rscript)")
def test_r_on_the_files(folder: Path) -> None:
    lines = run("Rscript", "--vanilla", EXAMPLES / "files.R", folder)
    assert lines == [
        *(f"{p} {a} {told(a, p)}" for p in ("2026-09", "2026-10") for a in ("H26", "H29")),
        f"all 2026-09 {60 / 80:.4f} 2026-10 {140 / 300:.4f}",
    ]


def test_power_query_names_columns_that_the_file_has(folder: Path) -> None:
    """It cannot be run outside Excel."""
    text = (EXAMPLES / "files.pq").read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", text)
    lists = "".join(re.findall(r"\{[^{}]*\}", code))
    named = {*re.findall(r"(?<![\w.])\[(\w+)\]", code), *re.findall(r'"([a-z_]+)"', lists)}
    columns = set(pa_csv.read_csv(folder / "observations.csv").column_names)
    assert named <= columns
    assert {"indicator", "period_type", "numerator", "reason"} <= named


def test_every_example_is_run_and_told_of() -> None:
    told_of = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    here = Path(__file__).read_text(encoding="utf-8")
    for example in EXAMPLES.iterdir():
        if example.name != "README.md":
            assert f"]({example.name})" in told_of
            assert f'"{example.name}"' in here
