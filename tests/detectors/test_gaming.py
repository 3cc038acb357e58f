"""A province that games its figures is found, honest ones are not: real rows in a real lake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from simulator import Nation
from tests.detectors.country import ON, OPENS, found, merged

GAMER = "hue"
HONEST = ["lao_cai", "gia_lai", "bo_y_te", "thai_nguyen", "bo_ngoai_giao"]
FORTNIGHTS = [ON - dt.timedelta(days=14 * n) for n in reversed(range(3))]
EVERY_NIGHT = [ON - dt.timedelta(days=n) for n in reversed(range(30))]
SIZE = 60_000
"""As the demonstration is."""


@pytest.mark.parametrize("seed", [34, 1, 2, 3, 4])
def test_a_gamed_province_is_found_and_the_honest_are_not(seed: int, tmp_path: Path) -> None:
    nation = Nation(OPENS, SIZE, seed, {GAMER: "late_hidden"})
    seen = found(merged(nation, [GAMER, *HONEST], FORTNIGHTS, tmp_path))
    assert seen.pop(GAMER) == {
        *("finished_at_due_time", "finished_at_reception", "finished_within_minutes"),
        *("random_codes", "reopened_after_finish"),
    }
    assert seen == {source_id: set() for source_id in HONEST}


def test_due_dates_put_off_show_once_nights_have_seen_the_first(tmp_path: Path) -> None:
    nation = Nation(EVERY_NIGHT[0], 2 * SIZE, gamed={GAMER: "late_hidden"})
    seen = found(merged(nation, [GAMER, "lao_cai"], EVERY_NIGHT, tmp_path))
    assert "due_date_moved" in seen[GAMER]
    assert "reopened_after_finish" in seen[GAMER]
    assert seen["lao_cai"] == set()


def test_the_same_province_is_not_found_where_it_says_what_was_done(tmp_path: Path) -> None:
    assert found(merged(Nation(OPENS, SIZE), [GAMER], [ON], tmp_path)) == {GAMER: set()}


def test_gaming_one_source_changes_nothing_at_the_others() -> None:
    days = dt.datetime(2026, 9, 1), dt.datetime(2026, 10, 1)
    honest, gamed = Nation(OPENS, SIZE), Nation(OPENS, SIZE, gamed={GAMER: "late_hidden"})
    assert honest != gamed
    for source_id in HONEST:
        windows = [n.window(source_id, "dossier", *days) for n in (honest, gamed)]
        assert [item.row() for item in windows[0]] == [item.row() for item in windows[1]]


@pytest.mark.slow
def test_the_demonstration_raises_no_suspicion(tmp_path: Path) -> None:
    nation = Nation(OPENS, SIZE)
    assert found(merged(nation, nation.habits, [ON], tmp_path)) == {i: set() for i in nation.habits}
