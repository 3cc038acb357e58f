"""What was found lies beside the figures: in Postgres, as files, and on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from catalog import settings as catalog_settings
from catalog.outcomes import DETECTION_SCHEMA
from motcua import app
from pipeline import detections
from tests.warehouse.conftest import server, warehouse
from tests.warehouse.samples import figures
from warehouse.files import Content, write_release
from warehouse.postgres import Warehouse

__all__ = ["server", "warehouse"]

RELEASE = "nightly-2026-11-22"
FOUND = [
    ("hue", "H57", "digitised_constant", "constant", 900, 900, 1.0, 1.0, True),
    ("hue", "H57", "random_codes", "gaming", 12, 600, 0.02, 0.2, False),
    ("lao_cai", "H38", "random_codes", "gaming", 300, 600, 0.5, 0.2, True),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    catalog_settings.settings.cache_clear()
    yield
    catalog_settings.settings.cache_clear()


@pytest.fixture
def seen() -> pa.Table:
    """Detections as a release shows them."""
    columns = {"constant": "has_digitised_component", "gaming": ""}
    rows = [dict(zip(DETECTION_SCHEMA.names, (*r, columns[r[3]]), strict=True)) for r in FOUND]
    return detections.of_release(pa.Table.from_pylist(rows, DETECTION_SCHEMA), RELEASE)


def test_a_release_holds_exactly_what_was_seen(warehouse: Warehouse, seen: pa.Table) -> None:
    shown = figures(RELEASE, {"H57": 7})
    for rows, changed in ((seen, 3), (seen, 0), (seen.slice(1), 1)):
        written = warehouse.publish(RELEASE, shown, {}, comparisons={"detection": rows})
        assert written["detection"] == changed
        with warehouse.engine.connect() as connection:
            kept = connection.execute(sa.text("SELECT * FROM mart.detection")).mappings()
            order = ("source_id", "detector")
            found = sorted((dict(row) for row in kept), key=lambda row: [row[n] for n in order])
        assert found == rows.to_pylist()


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["detections", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_line_says_what_was_found_and_what_to_mend(seen: pa.Table) -> None:
    folder = catalog_settings.settings().published_dir
    write_release(folder, RELEASE, Content(figures(RELEASE, {"H57": 7}), [], {"detection": seen}))
    told = run()
    assert "Mã hồ sơ có số thứ tự ngẫu nhiên" in told
    assert "Thành phần số hóa luôn một giá trị" in told
    assert "digitised_share" in told
    assert "Cần sửa" in told
    assert [row["source_id"] for row in json.loads(run("--json"))] == ["hue", "lao_cai"]
    assert len(json.loads(run("--json", "--all", "--source", "hue"))) == 2
    assert "Không phát hiện" in run("--source", "an_giang")


def test_without_a_release_nothing_is_found() -> None:
    assert json.loads(run("--json")) == []
