"""What a headline figure is held to."""

from __future__ import annotations

from typing import Any

import pytest

from publication.site.changes import Change, way
from publication.site.model import Site
from publication.site.scores import score_of
from publication.site.targets import is_reached, target_of
from tests.publication.site.made import SILENT

TOLD: dict[str, Any] = {
    "direction": "higher_better",
    "unit": "share",
    "targets": [
        {"value": 0.9, "by": "2025-12-31", "legal_basis": "B"},
        {"value": 0.8, "by": "2023-12-31", "legal_basis": "A"},
    ],
}
LOWER = TOLD | {"direction": "lower_better"}


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2023-06", 0.8), ("2023-12", 0.8), ("2025-Q3", 0.8), ("2025-12", 0.9), ("2026", 0.9)],
)
def test_a_period_is_held_to_the_newest_target_that_was_due(period: str, expected: float) -> None:
    target = target_of(TOLD, period)
    assert target
    assert target.value == expected


def test_without_targets_there_is_none_to_reach() -> None:
    assert target_of(TOLD | {"targets": []}, "2026") is None
    assert is_reached(TOLD, 0.5, None) is None


def test_a_target_is_reached_from_the_side_that_is_worse() -> None:
    target = target_of(TOLD, "2026")
    assert is_reached(TOLD, 0.9, target)
    assert not is_reached(TOLD, 0.89, target)
    assert is_reached(LOWER, 0.89, target)
    assert not is_reached(LOWER, 0.91, target)
    assert is_reached(TOLD, None, target) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [(0.02, "better"), (-0.02, "worse"), (0.0004, "same"), (-0.0004, "same"), (None, "")],
)
def test_a_change_too_small_to_be_written_is_none(change: float | None, expected: str) -> None:
    assert way(Change("2026-09", change, None), TOLD) == expected


def test_less_is_better_where_it_should_be() -> None:
    assert way(Change("2026-09", -0.02, None), LOWER) == "better"
    assert way(None, LOWER) == ""


def test_the_score_names_each_group_once_and_keeps_what_is_missing_missing(site: Site) -> None:
    score = score_of(site.release, "H26")
    assert score
    assert score.month == "2026-10"
    assert score.period == "2026"
    assert len({line["score_group"] for line in score.groups}) == len(score.groups) == 6
    public = next(line for line in score.groups if line["score_group"] == "CKMB")
    assert public["score"] is None
    assert score.total["out_of"] < score.total["maximum"] == 100


def test_a_place_that_reported_nothing_has_no_points(site: Site) -> None:
    score = score_of(site.release, SILENT)
    assert score is None or score.total["score"] is None
