"""A season in which one province goes through every kind of bad night, and nobody else suffers.

The season is played once; each test looks at one of its nights. At its end, after a good night,
every figure equals the truth again: a bad night loses nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

import pipeline
from catalog.sources import sources
from extractors import web
from motcua.clock import now
from pipeline.releases import figures, release_folder
from pipeline.stores import warehouse
from simulator.truth import truth
from tests.night.expected import asked, measured

DOSSIERS = 120_000
SOURCES = {"ha_noi", "hue", "can_tho", "bo_y_te"}
HURT = "hue"
FIRST = dt.date(2026, 11, 18)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class BadNight:
    """A fault in force during one night, how the night must end, and what the ledger must say."""

    fault: dict[str, Any] | None
    outcome: int
    problem: str = ""


GOOD = BadNight(None, pipeline.DONE)
LOST = pipeline.SOME_FAILED
SEASON = {
    "first": GOOD,
    "down": BadNight({"kind": "down"}, LOST, "503"),
    "recovered": GOOD,
    "down once": BadNight({"kind": "down", "times": 1}, pipeline.DONE),
    "server error": BadNight({"kind": "server_error"}, LOST, "500"),
    "server error once": BadNight({"kind": "server_error", "times": 2}, pipeline.DONE),
    "dropped": BadNight({"kind": "dropped", "times": 1}, pipeline.DONE),
    "throttled": BadNight({"kind": "throttled", "times": 1}, pipeline.DONE),
    "token expired": BadNight({"kind": "token_expired", "times": 1}, pipeline.DONE),
    "truncated once": BadNight({"kind": "truncated_page", "times": 1}, pipeline.DONE),
    "slow": BadNight({"kind": "slow", "seconds": 2}, LOST, "ReadTimeout"),
    "truncated": BadNight({"kind": "truncated_page"}, LOST, "page"),
    "collapsed": BadNight({"kind": "collapsed_night"}, LOST, "volume"),
    "repeated page": BadNight({"kind": "repeated_page"}, LOST, "page"),
    "repeated rows": BadNight({"kind": "repeated_rows"}, LOST, "page"),
    "changed column": BadNight({"kind": "changed_column"}, LOST, "MaHoSo"),
    "empty": BadNight({"kind": "empty_night"}, LOST, "volume"),
    "last": GOOD,
}
DAYS = {name: FIRST + dt.timedelta(days=number) for number, name in enumerate(SEASON)}


@pytest.fixture(scope="module")
def season(country: Any) -> dict[str, int]:
    """Night -> how it ended. Waits are short and the province pages are small."""
    impatient = {"timeout_seconds": 1.0, "page_size": 20, "attempts": 3}
    sources()[HURT] = sources()[HURT].model_copy(update=impatient)
    web.FIRST_WAIT = 0.05
    endings = {}
    for name, bad in SEASON.items():
        if bad.fault:
            country.fault(HURT, **bad.fault)
        endings[name] = pipeline.night(DAYS[name], now)
        country.no_fault(HURT)
    return endings


@pytest.mark.parametrize("name", SEASON)
def test_the_night_ends_as_it_must(season: dict[str, int], name: str) -> None:
    assert season[name] == SEASON[name].outcome


@pytest.mark.parametrize("name", [n for n, night in SEASON.items() if night.problem])
def test_the_ledger_says_what_was_wrong_and_where(season: dict[str, int], name: str) -> None:
    rows = [r for r in warehouse().ledger(on=DAYS[name]) if r["verdict"] in ("failed", "held")]
    assert {row["source_id"] for row in rows} == {HURT}
    assert any(SEASON[name].problem in row["problem"] for row in rows)


@pytest.mark.parametrize("name", SEASON)
def test_everyone_else_is_merged_and_published(season: dict[str, int], name: str) -> None:
    merged = {r["source_id"] for r in warehouse().ledger(on=DAYS[name]) if r["stage"] == "merge"}
    assert merged >= set(sources()) - {HURT}
    release = release_folder(DAYS[name])
    assert release
    assert release.name.endswith(str(DAYS[name]))


@pytest.mark.parametrize("name", [n for n, night in SEASON.items() if night.outcome == LOST])
def test_coverage_shows_the_hole(season: dict[str, int], name: str) -> None:
    month = f"{DAYS[name]:%Y-%m}"
    [nation] = figures("online_submission_share", "VN", month, DAYS[name])
    [hurt] = figures("online_submission_share", sources()[HURT].area, month, DAYS[name])
    assert nation["coverage"] == pytest.approx(3 / 4)
    assert hurt["coverage"] == 0.0


def test_nothing_is_lost_in_the_end(season: dict[str, int], country: Any) -> None:
    on = DAYS["last"]
    found = measured(on)
    expected = truth(asked(country.nation), on)
    assert expected
    assert {k: v for k, v in expected.items() if found.get(k) != v} == {}


def test_the_messages_carry_no_value_that_a_source_sent(season: dict[str, int]) -> None:
    problems = {row["problem"] for row in warehouse().ledger() if row["source_id"] == HURT}
    assert problems
    assert not [p for p in problems if "-2611" in p or "Bearer" in p]
