"""What fixing would change is what a replay then changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

import pipeline
from catalog.night import Night
from pipeline.effects import effects
from pipeline.releases import figures
from pipeline.replay import Chosen, replay
from tests.night.expected import measured
from tests.night.replaying import SATURDAY, country

NIGHT = Night(SATURDAY)
CODE = "satisfaction_rating_share"

pytestmark = pytest.mark.slow


class Told(NamedTuple):
    """What was said before the rule changed, what was published then, and what the replay made."""

    effects: list[dict[str, Any]]
    before: dict[Any, tuple[Any, ...]]
    replayed: list[dict[str, Any]]
    left: list[dict[str, Any]]


def published(rows: list[dict[str, Any]]) -> dict[Any, tuple[Any, ...]]:
    found = {}
    for row in rows:
        [figure] = figures(row["indicator"], row["area"], row["period"], SATURDAY)
        key = (row["indicator"], row["area"], row["period"])
        found[key] = (figure["numerator"], figure["denominator"], figure["value"])
    return found


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with country(nights=2) as made:
        said = effects("ha_noi", NIGHT)
        before = published(said)
        made.no_longer_regret()
        lines = replay(NIGHT, Chosen("ha_noi", "dissatisfied"))
        pipeline.measure(SATURDAY)
        pipeline.publish(SATURDAY)
        yield Told(said, before, lines, effects("ha_noi", NIGHT))


def by_figure(rows: list[dict[str, Any]], suffix: str) -> dict[Any, tuple[Any, ...]]:
    names = [f"{name}{suffix}" for name in ("numerator", "denominator", "value")]
    return {
        (row["indicator"], row["area"], row["period"]): tuple(row[name] for name in names)
        for row in rows
    }


def test_the_figures_with_the_rows_are_those_that_the_replay_produces(told: Told) -> None:
    assert by_figure(told.effects, "") == told.before
    expected = by_figure(told.effects, "_with")
    assert published(told.effects) == expected
    assert {key: measured(SATURDAY)[key] for key in expected} == {
        key: (numerator, denominator) for key, (numerator, denominator, _) in expected.items()
    }


def test_the_rows_move_the_figure_and_are_counted(told: Told) -> None:
    [row] = [row for row in told.effects if row["indicator"] == CODE]
    [line] = told.replayed
    assert (row["numerator"], row["denominator"]) == (191, 191)
    assert (row["numerator_with"], row["denominator_with"]) == (191, 202)
    assert row["value_with"] < row["value"]
    assert line["accepted"] == row["counted"] == 11


def test_a_row_of_another_period_changes_nothing_here(told: Told) -> None:
    [row] = [row for row in told.effects if row["indicator"] == CODE]
    assert row["rows"] == 12


def test_after_the_replay_only_what_still_fails_is_left(told: Told) -> None:
    [row] = [row for row in told.left if row["indicator"] == CODE]
    assert (row["rows"], row["counted"]) == (1, 0)
    assert (row["value"], row["numerator"]) == (row["value_with"], row["numerator_with"])


def test_a_source_with_nothing_in_quarantine_has_no_effects(told: Told) -> None:
    assert effects("hue", NIGHT) == []
