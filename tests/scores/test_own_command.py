"""`motcua score766` without a file: the scores of the newest release, as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.settings import settings
from motcua import app
from tests.scores.test_own import figure
from transforms.scores import own
from warehouse.files import Content, write_release


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["score766", *words])


def facts(*words: str) -> list[dict[str, Any]]:
    done = run("--json", *words)
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation that has published nothing."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def published(home: Path) -> None:
    """A release with figures of a province, a ministry and the nation."""
    rows = [
        figure("on_time_rate_766", 90, 100),
        figure("on_time_rate_766", 9, 10, period="2025"),
        figure("on_time_rate_766", 1, 2, area="G15"),
        figure("on_time_rate_766", 91, 102, area="VN"),
        figure("publish_on_time_766_portal", 3, 4),
        figure("score_766_tdgq_portal", 1750, 100),
    ]
    figures = pa.Table.from_pylist(rows, OBSERVATION_SCHEMA)
    release = rows[0]["release"]
    write_release(settings().published_dir, release, Content(figures, [], {"score": own(figures)}))


def test_an_area_is_shown_with_the_portals_figures_and_the_reason_beside(published: None) -> None:
    shown = run("--area", "H26", "--period", "2026").stdout
    for words in (
        "portal_2026",
        "18.00",
        "17.50",
        "0.50",
        "75.00",
        "Counted otherwise",
        "Only the portal",
    ):
        assert words in shown, words
    assert "H26.01" not in shown


def test_without_an_area_all_totals_of_the_newest_year_are_shown(published: None) -> None:
    rows = facts()
    assert {row["period"] for row in rows} == {"2026"}
    assert {row["rules"] for row in rows} == {"portal_2026"}
    totals = {(r["area"], r["mean_of"]): r["score"] for r in rows if r["score_group"] == "TOTAL"}
    assert totals == {
        ("G15", ""): 10,
        ("H26", ""): 18,
        ("VN", ""): 17.84,
        ("VN", "province"): 18,
        ("VN", "ministry"): 10,
    }
    shown = run().stdout
    for words in ("H26", "ministry", "17.84"):
        assert words in shown


def test_another_rule_set_and_an_earlier_year_are_shown_by_name(published: None) -> None:
    rows = facts("--area", "H26", "--rules", "text_2022", "--period", "2025")
    assert {(row["rules"], row["period"], row["is_in_force"]) for row in rows} == {
        ("text_2022", "2025", True)
    }
    assert len(facts("--area", "H26", "--rules", "text_2022")) == 24 + 6 + 1


def test_the_nation_is_shown_in_its_three_ways(published: None) -> None:
    shown = run("--area", "VN").stdout
    for words in ("all cases together", "mean of provinces", "mean of ministries"):
        assert words in shown


@pytest.mark.usefixtures("home")
def test_where_nothing_is_published_that_is_said() -> None:
    done = run()
    assert done.exit_code == 1
    assert "no such score is published" in done.stdout
    assert facts() == []


def test_a_file_takes_neither_area_nor_period(tmp_path: Path) -> None:
    done = run(str(tmp_path / "any.json"), "--area", "H26")
    assert done.exit_code == 2
    assert "leave out FILE" in done.output
