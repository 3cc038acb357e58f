"""Seven nights of two areas: one whose rows turn wrong, are mended or accepted, and stop coming,
beside one with which nothing is wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pytest

from catalog.incidents import Action
from catalog.night import Night
from feedback.scoring import DIMENSIONS
from pipeline import score_cards
from pipeline.incidents import act
from pipeline.replay import Chosen, replay
from tests.night.expected import query
from tests.night.folders import NEXT_YEAR, RATINGS, drop, rating
from tests.night.replaying import Replaying, country

NIGHTS = [dt.date(2026, 11, 18) + dt.timedelta(days=n) for n in range(7)]
HA_NOI, HUE = "H26", "H57"
UNIT = "H26.01"
WRONG = "ha_noi/rating/rated_in_future"
ACCEPTED, SILENT = 5, 6

pytestmark = pytest.mark.slow


class Scored(Replaying):
    """See the module."""

    nights: ClassVar[Sequence[dt.date]] = NIGHTS
    declared: ClassVar[Mapping[str, str]] = {
        "ha_noi": RATINGS.format(area=HA_NOI, frequency="nightly", floor=0),
        "hue": RATINGS.format(area=HUE, frequency="nightly", floor=0),
    }
    rules: ClassVar[Mapping[str, str]] = {}

    def deliver(self, on: dt.date) -> None:
        """Ten fine rows a night, and besides: three of next year and one of an unknown word; one
        of them wrong again, and another unknown word; three of all these mended."""
        number = NIGHTS.index(on)
        story = {
            1: [
                *(rating(UNIT, n, on, NEXT_YEAR) for n in (1, 2, 3)),
                rating(UNIT, 4, on, muc="vua"),
            ],
            2: [rating(UNIT, 1, on, NEXT_YEAR), rating(UNIT, 5, on, muc="vua")],
            4: [rating(UNIT, n, on) for n in (1, 2, 4)],
        }  # fmt: skip
        fine = range(100 + 10 * number, 110 + 10 * number)
        drop(self.home, "ha_noi", str(on), *(rating(UNIT, n, on) for n in fine),
             *story.get(number, []))  # fmt: skip
        drop(self.home, "hue", str(on), *(rating("H57.01", n, on) for n in fine))
        if number == ACCEPTED:
            morning = dt.datetime.combine(on, dt.time(2), dt.UTC)
            act(Action(WRONG, "accepted", morning, "văn phòng", "chờ nâng cấp", NIGHTS[-1]))
        if number == SILENT:
            shutil.move(self.home / "drop" / "ha_noi", self.home / "away")


@pytest.fixture(scope="module")
def home() -> Iterator[Scored]:
    """The country after its nights. The tests go on in the order of this file."""
    with country(len(NIGHTS), Scored) as made:
        assert isinstance(made, Scored)
        yield made


def told(area: str, dimension: str) -> list[tuple[int, int, str]]:
    """Judged, good and level after each night."""
    cards = [score_cards.card(area, on) for on in NIGHTS]
    assert all(tuple(score.dimension for score in card) == DIMENSIONS for card in cards)
    found = [score for card in cards for score in card if score.dimension == dimension]
    return [(score.judged, score.good, score.level) for score in found]


def test_rows_count_against_the_area_until_they_are_mended_or_accepted(home: Scored) -> None:
    assert told(HA_NOI, "validity") == [
        (10, 10, "none"),
        (24, 20, "none"),
        (36, 30, "none"),
        (46, 40, "none"),
        (59, 57, "good"),
        (69, 68, "good"),
        (69, 68, "good"),
    ]


def test_what_is_wrong_in_one_dimension_is_not_wrong_in_another(home: Scored) -> None:
    for dimension in ("completeness", "consistency", "uniqueness"):
        judged = [judged for judged, _, _ in told(HA_NOI, "validity")]
        assert [row[:2] for row in told(HA_NOI, dimension)] == [(n, n) for n in judged]


def test_a_night_without_the_source_is_a_delivery_that_was_missed(home: Scored) -> None:
    assert [row[:2] for row in told(HA_NOI, "timeliness")] == [
        *((n, n) for n in range(1, 7)),
        (7, 6),
    ]
    assert [level for _, _, level in told(HA_NOI, "timeliness")][4:] == ["good", "good", "fair"]


def test_an_area_with_nothing_wrong_is_good_once_enough_nights_are_known(home: Scored) -> None:
    levels = [*["none"] * 4, *["good"] * 3]
    assert told(HUE, "validity") == [
        (10 * n, 10 * n, level) for n, level in enumerate(levels, start=1)
    ]


def test_the_trend_is_of_the_nights_before(home: Scored) -> None:
    trend = score_cards.trend(HA_NOI, NIGHTS[3])
    assert tuple(trend) == DIMENSIONS
    assert [score.on for score in trend["validity"]] == NIGHTS[:3]
    assert [score.good for score in trend["validity"]] == [10, 20, 30]
    assert score_cards.trend(HA_NOI, NIGHTS[0])["validity"] == ()


def test_an_area_without_sources_and_a_night_that_was_not_run_have_no_card(home: Scored) -> None:
    assert score_cards.card("H24", NIGHTS[3]) == ()
    assert score_cards.card(HA_NOI, NIGHTS[0] - dt.timedelta(days=1)) == ()


def everything() -> list[Any]:
    return query("SELECT * FROM ops.score ORDER BY area, night, quality_dimension")


@pytest.mark.parametrize("number", [0, 3, 6])
def test_an_old_night_run_again_gives_the_same_score(home: Scored, number: int) -> None:
    before = everything()
    assert len(before) == len(NIGHTS) * 2 * len(DIMENSIONS)
    score_cards.update(NIGHTS[number])
    assert everything() == before


def test_what_a_replay_takes_back_counts_no_longer_from_its_night_on(home: Scored) -> None:
    before = told(HA_NOI, "validity")
    home.learn_a_word()
    [line] = replay(Night(NIGHTS[-1]), Chosen(why="unknown_code"))
    assert line["accepted"] == 1
    score_cards.update(NIGHTS[0])
    assert told(HA_NOI, "validity") == [*before[:-1], (69, 69, "good")]
