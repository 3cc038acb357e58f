"""What a bulletin says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog import codelists, written
from publication.bulletin.content import content
from publication.bulletin.month import month_of
from publication.bulletin.tiles import scale, step
from publication.release import Release
from tests.publication.bulletin.made import PROVINCES, REASONS, made, share


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made(tmp_path_factory.mktemp("nightly"))


@pytest.fixture(scope="module")
def told(release: Release) -> dict[str, Any]:
    return content(release, "vi")


@pytest.mark.parametrize(
    ("release_id", "night", "month"),
    [
        ("nightly-2026-11-21", "2026-11-21", "2026-10"),
        ("nightly-2026-10-31", "2026-10-31", "2026-10"),
        ("nightly-2027-01-30", "2027-01-30", "2026-12"),
        ("2026.10.2", "2026-12-20", "2026-10"),
    ],
)
def test_a_nightly_release_tells_of_the_month_that_ended_and_a_frozen_one_of_its_own(
    tmp_path: Path, release_id: str, night: str, month: str
) -> None:
    assert month_of(made(tmp_path, release_id, night=night)) == month


@pytest.mark.parametrize(("status", "mark"), [("provisional", "TẠM TÍNH"), ("final", "CHÍNH THỨC")])
def test_the_mark_is_that_of_the_figures(tmp_path: Path, status: str, mark: str) -> None:
    release = made(tmp_path, "2026.10.2", night="2026-12-20", status=status)
    masthead = content(release, "vi")["masthead"]
    assert (masthead["mark"], masthead["is_final"]) == (mark, status == "final")


def test_a_figure_stands_with_the_month_before_its_change_target_and_coverage(
    told: dict[str, Any],
) -> None:
    row = told["headline"]["rows"][0]
    assert row["now"] == written.value(0.5561, "share", "vi")
    assert row["before"] == written.value(0.5048, "share", "vi")
    assert row["change"] == written.change(0.5561 - 0.5048, "share", "vi")
    assert (row["verdict_text"], row["status"], row["coverage"]) == ("tốt lên", "Tạm tính", "97 %")
    assert (row["target"], row["met"]) == ("50,0 %", "đạt"), "the target of 2023 is past"


@pytest.mark.parametrize("reason", REASONS)
def test_a_figure_without_a_number_says_why(told: dict[str, Any], reason: str) -> None:
    row = next(row for row in told["headline"]["rows"] if row["name"] == reason)
    assert row["status"] == codelists.name_of("no_value", reason, "name_vi")
    assert (row["now"], row["is_withheld"], row["verdict"]) == (written.NONE, True, "")


def test_a_year_under_way_is_named_and_not_compared(told: dict[str, Any]) -> None:
    row = told["headline"]["rows"][-1]
    assert (row["period"], row["now"], row["change"]) == ("Năm 2026, đến nay", "61,68", "–")


def test_a_change_tells_what_is_real_and_what_is_who_reported(told: dict[str, Any]) -> None:
    (row,) = told["movers"]["rows"]
    for part in (0.081, -0.0297):
        assert written.change(part, "share", "vi") in row["text"]
    assert "31 đơn vị có đủ số liệu cả hai tháng" in row["text"]
    assert row["parts"] == [0.081, -0.0297]


def test_the_map_has_34_provinces_and_both_archipelagos(told: dict[str, Any]) -> None:
    tiles = {tile["name"]: tile for tile in told["map"]["tiles"]}
    assert len(tiles) == 36
    islands = {name: tile["value"] for name, tile in tiles.items() if tile["is_island"]}
    assert islands == {"Hoàng Sa": "(Đà Nẵng)", "Trường Sa": "(Khánh Hòa)"}
    assert tiles["Hoàng Sa"]["step"] == tiles["Đà Nẵng"]["step"]
    assert len({(tile["row"], tile["column"]) for tile in tiles.values()}) == 36


def test_the_map_in_words_has_every_value(told: dict[str, Any]) -> None:
    shown = [written.value(share(place), "share", "vi") for place in range(len(PROVINCES) - 1)]
    assert all(value in told["map"]["alt"] for value in shown)
    assert f"Hà Nội {shown[0]}" in told["map"]["alt"]
    assert "chưa đủ dữ liệu" in told["map"]["alt"]
    assert "Chưa đủ dữ liệu (1)" in told["map"]["hidden"]


@pytest.mark.parametrize(
    "values", [[0.234, 0.84], [0.8, 0.81], [0.0, 1.0], [3.0, 1200.0], [0.5], [0.2, 0.4, 0.6]]
)
def test_every_value_lies_in_one_of_at_most_six_steps(values: list[float]) -> None:
    low, width = scale(values)
    steps = [step(value, low, width) for value in values]
    assert all(0 <= place < 6 for place in steps)
    assert all(
        low + width * n <= v + 1e-9 < low + width * (n + 1) + 1e-8
        for v, n in zip(values, steps, strict=True)
    )


def test_places_stand_by_tier_with_interval_and_tie(told: dict[str, Any]) -> None:
    better, similar, worse = told["tiers"]["groups"]
    first, second = better["rows"][:2]
    assert (first["rank"], second["rank"]) == ("1=", "1=")
    assert first["interval"] == "84,0 % – 92,0 %"
    assert len(better["rows"]) + len(similar["rows"]) + len(worse["rows"]) == len(PROVINCES) - 1
    assert worse["rows"][0]["value"] == written.value(share(len(PROVINCES) - 2), "share", "vi")
    assert told["tiers"]["no_tier"] == "Không xếp nhóm: Chưa đủ dữ liệu (1)."


def test_a_revised_figure_counts_once_and_its_causes_each(told: dict[str, Any]) -> None:
    revised = told["corrections"]["revised"]
    assert "được cập nhật: 1." in revised
    assert "số liệu đến muộn (1)" in revised
    assert "quy tắc tính của hệ thống thay đổi (1)" in revised


def test_no_correction_is_told_apart_from_nothing_to_correct(tmp_path: Path) -> None:
    second = content(made(tmp_path / "a"), "vi")["corrections"]
    first = content(made(tmp_path / "b", previous=None), "vi")["corrections"]
    assert "nightly-2026-11-20" in second["none"]
    assert first["none"].startswith("Đây là bản công bố đầu tiên")
