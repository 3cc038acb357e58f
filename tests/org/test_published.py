"""What is published says which areas were, what became of them, and on which borders it stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from catalog import settings
from motcua import app
from pipeline.releases import figures
from tests.org.conftest import Declare
from tests.warehouse.samples import figures as samples
from transforms.indicators import indicators
from warehouse.files import Content, write_release
from warehouse.lists import lists

RELEASE, LAST = "nightly-2026-11-22", dt.date(2025, 6, 30)


def published(name: str) -> dict[str, dict[str, Any]]:
    [rows] = [rows.to_pylist() for table, rows in lists([]) if table.name == name]
    return {row.get("code") or row["from_code"]: row for row in rows}


def test_the_63_are_listed_with_the_last_day_of_those_that_ended() -> None:
    areas = published("area")
    assert (areas["H03"]["name_vi"], areas["H03"]["valid_to"]) == ("Bắc Kạn", LAST)
    assert areas["H55"]["valid_to"] is None
    assert sum(area["kind"] == "province" for area in areas.values()) == 63


def test_every_change_is_listed_and_a_transfer_of_a_part_is_marked(declare: Declare) -> None:
    declare("area_changes", "partial,2027-01-01,H14,H37,0.10,Luật thử nghiệm")
    changes = published("area_change")
    assert len(changes) == 29 + 5 + 1
    assert changes["H03"] == {
        "from_code": "H03", "to_code": "H55", "starts_on": dt.date(2025, 7, 1),
        "kind": "merge", "weight": None, "legal_basis": "Nghị quyết 202/2025/QH15",
    }  # fmt: skip
    assert (changes["H14"]["kind"], changes["H14"]["weight"]) == ("partial", "0.10")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place with one release: Thái Nguyên restated, and its two parts as reported."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    settings.settings.cache_clear()
    restated = samples(RELEASE, {"H55": 9})
    reported = samples(RELEASE, {"H55": 4, "H03": 5})
    position = reported.schema.get_field_index("borders")
    on_63 = pa.array(["63"] * reported.num_rows)
    reported = reported.set_column(position, reported.schema.field(position), on_63)
    both = pa.concat_tables([restated, reported])
    catalogue = [i.model_dump(mode="json") for i in indicators().values()]
    write_release(settings.settings().published_dir, RELEASE, Content(both, catalogue))
    yield tmp_path
    monkeypatch.undo()
    settings.settings.cache_clear()


def test_a_release_is_read_on_one_of_its_borders(home: Path) -> None:
    def told(**asked: Any) -> dict[str, int]:
        return {row["area"]: row["numerator"] for row in figures("on_time_rate", **asked)}

    assert told() == {"H55": 9}
    assert told(borders="63") == {"H55": 4, "H03": 5}


def test_the_command_shows_figures_as_reported(home: Path) -> None:
    def motcua(*words: str) -> Any:
        return CliRunner().invoke(app, ["indicator", "on_time_rate", *words])

    rows = json.loads(motcua("--borders", "63", "--area", "H03", "--json").output)
    assert [(row["area"], row["numerator"]) for row in rows] == [("H03", 5)]
    assert "Bắc Kạn" in motcua("--borders", "63").output
    assert motcua("--borders", "35").exit_code == 2
    assert motcua("--area", "H03").exit_code == 0


def test_the_command_marks_an_area_of_which_a_part_went_elsewhere(
    home: Path, tmp_path: Path, declare: Declare
) -> None:
    line = "partial,{},H55,H37,0.1,Luật thử nghiệm"
    declare("area_changes", line.format("2026-11-01"), line.format("2026-12-01"))
    told = CliRunner().invoke(app, ["indicator", "on_time_rate"]).output
    assert "H55 → H37, 2026-11-01 (0.1)" in told
    assert "2026-12-01" not in told
