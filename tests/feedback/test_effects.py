"""What fixing would change is what a replay then changes: all of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

import pipeline
from catalog.night import Night
from catalog.score_card import Effect
from pipeline.effects import effects_of
from pipeline.explain.definition import kinds_read
from pipeline.explain.published import left_out_of
from pipeline.releases import figures, release_folder
from pipeline.replay import Chosen, replay
from tests.feedback.moving import HA_NOI, HUE, Moving
from tests.night.expected import measured, query
from tests.night.replaying import SATURDAY, country
from transforms.indicators import indicators

NIGHT = Night(SATURDAY)
PERIOD = "2026-11"
RATED, LIKED = "satisfaction_rating_share", "dossier_satisfaction_share"
AREAS = (HUE, HA_NOI, "H24")
Numbers = tuple[float | None, float | None, float | None]

pytestmark = pytest.mark.slow


class Told(NamedTuple):
    """By area: what was said before the rules changed, what was published then and what after the
    replay, and what is said after it."""

    effects: dict[str, tuple[Effect, ...]]
    before: dict[str, dict[str, Numbers]]
    replayed: list[dict[str, Any]]
    after: dict[str, dict[str, Numbers]]
    left: dict[str, tuple[Effect, ...]]


def published(area: str) -> dict[str, Numbers]:
    """By indicator that is made of what was refused: the numbers of the month."""
    found = {}
    for code, declared in indicators().items():
        if {"dossier", "rating"} & set(kinds_read(declared)):
            for row in figures(code, area, PERIOD, SATURDAY):
                found[code] = (row["numerator"], row["denominator"], row["value"])
    return found


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with country(2, Moving) as made:
        said = {area: effects_of(area, NIGHT) for area in AREAS}
        before = {area: published(area) for area in AREAS}
        made.no_longer_regret()
        lines = replay(NIGHT, Chosen())
        pipeline.measure(SATURDAY)
        pipeline.publish(SATURDAY)
        after = {area: published(area) for area in AREAS}
        yield Told(said, before, lines, after, {area: effects_of(area, NIGHT) for area in AREAS})


def of(told: Told, area: str) -> dict[str, Effect]:
    return {effect.indicator: effect for effect in told.effects[area]}


@pytest.mark.parametrize("area", [HUE, HA_NOI])
def test_the_figures_with_the_rows_are_those_that_the_replay_produces(
    told: Told, area: str
) -> None:
    for code, effect in of(told, area).items():
        assert (effect.area, effect.period) == (area, PERIOD)
        assert (effect.numerator, effect.denominator, effect.value) == told.before[area][code]
        given = (effect.numerator_with, effect.denominator_with, effect.value_with)
        assert given == told.after[area][code]
        assert measured(SATURDAY)[code, area, PERIOD] == given[:2]


@pytest.mark.parametrize("area", AREAS)
def test_no_figure_that_the_replay_moved_was_left_out(told: Told, area: str) -> None:
    def values(numbers: dict[str, Numbers]) -> dict[str, float | None]:
        return {code: value for code, (_, _, value) in numbers.items()}

    before, after = values(told.before[area]), values(told.after[area])
    assert set(of(told, area)) == {code for code in after if after[code] != before[code]}


def test_many_figures_of_one_area_and_one_of_another_move(told: Told) -> None:
    assert {RATED, LIKED, "on_time_rate", "overdue_count"} < set(of(told, HUE))
    assert set(of(told, HA_NOI)) == {RATED}
    assert told.effects["H24"] == ()


def test_the_rows_of_two_sources_enter_at_once(told: Told) -> None:
    """Ten dossiers are late and 23 disliked, of which five were refused as well."""
    effect = of(told, HUE)[LIKED]
    assert (effect.numerator, effect.denominator) == (251, 251)
    assert (effect.numerator_with, effect.denominator_with) == (290 - 10 - 23, 290)
    assert (effect.rows, effect.counted) == (39 + 24, None)


def test_rows_of_another_period_and_those_that_newer_ones_replaced_are_not_counted(
    told: Told,
) -> None:
    replayed = {line["replays"].split(".")[0]: line["accepted"] for line in told.replayed}
    assert replayed == {"hue": 23, "ho_so_hue": 39, "ha_noi": 12}
    rated, late = of(told, HUE)[RATED], of(told, HUE)["overdue_count"]
    assert (rated.rows, rated.counted, rated.denominator_with) == (24, 23, 142 + 23)
    assert (late.rows, late.counted, late.value_with) == (39, 39, 10)


def test_headlines_stand_first_then_what_moves_most(told: Told) -> None:
    codes = [effect.indicator for effect in told.effects[HUE]]
    places = [indicators()[code].headline > 0 for code in codes]
    assert places == sorted(places, reverse=True)
    assert {RATED, "on_time_rate"} < set(codes[: sum(places)])
    others = codes[sum(places) :]
    assert others[:2] == ["form06_10_done_late", "overdue_count"]
    assert others.index("form06_05_received_direct") < others.index(LIKED)
    assert others.index(LIKED) < others.index("mean_handling_days")


def test_a_source_that_a_detector_leaves_out_moves_no_figure_before_or_after(told: Told) -> None:
    asked = "SELECT release FROM mart.detection WHERE is_found AND detector = :d AND source_id = :s"
    given = {"d": "electronic_result_constant", "s": "ho_so_hue"}
    assert len(query(asked, **given)) == 2
    folder = release_folder(SATURDAY)
    assert folder
    assert left_out_of(folder)["electronic_result_share"] == {"ho_so_hue"}
    for numbers in (told.before, told.after):
        assert numbers[HUE]["electronic_result_share"] == (None, None, None)
    assert "electronic_result_share" not in of(told, HUE)


def test_after_the_replay_only_what_still_fails_is_left_and_moves_nothing(told: Told) -> None:
    assert set(told.left.values()) == {()}
    still = "severity = 'error' AND state = 'open'"
    assert len(query(f"SELECT DISTINCT record_key FROM ops.finding WHERE {still}")) == 1 + 3


def test_rows_that_are_not_the_area_s_to_mend_are_left_out(told: Told) -> None:
    """Three dossiers wait to be received: a rule of ours keeps them back until then."""
    [line] = [line for line in told.replayed if line["replays"].startswith("ho_so_hue")]
    assert (line["received"], line["accepted"], line["quarantined"]) == (42, 39, 3)
    assert {effect.rows for effect in told.effects[HUE]} == {23 + 1, 39, 39 + 24}


def test_a_past_night_is_told_as_it_was_and_one_that_is_not_published_not_at_all(
    told: Told,
) -> None:
    friday = {effect.indicator: effect for effect in effects_of(HUE, NIGHT.before)}
    rated, late = friday[RATED], friday["overdue_count"]
    assert (rated.denominator, rated.denominator_with, rated.counted) == (140, 165, 25)
    assert (late.denominator, late.denominator_with, late.counted) == (240, 280, 40)
    assert effects_of(HUE, Night(SATURDAY.replace(day=29))) == ()
