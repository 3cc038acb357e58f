"""What history leads to expect, and how much less is no longer chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from expectations.batch_facts import FACTS, Sent, batch_facts
from expectations.outlook import expected_rows, outlook

FRIDAY = dt.date(2026, 10, 16)
SATURDAY = dt.date(2026, 10, 17)


def past(on: dt.date, counts: list[int]) -> list[tuple[dt.date, int]]:
    """A night for each count, the last one the day before `on`."""
    first = on - dt.timedelta(days=len(counts))
    return [(first + dt.timedelta(days=i), count) for i, count in enumerate(counts)]


def test_working_days_are_compared_with_working_days() -> None:
    two_weeks = [100, 100, 100, 100, 100, 8, 6] * 2 + [100, 100, 100, 100]
    assert expected_rows(FRIDAY, past(FRIDAY, two_weeks)) == 100
    weekends = [(on, count) for on, count in past(SATURDAY, [20] * 28) if on.weekday() >= 5]
    assert expected_rows(SATURDAY, weekends) == 20
    assert expected_rows(FRIDAY, weekends) is None


def test_only_the_last_eight_alike_nights_count() -> None:
    working = [(dt.date(2026, 9, 1) + dt.timedelta(days=7 * i), 10) for i in range(4)]
    recent = [(dt.date(2026, 9, 29), 500)] * 8
    assert expected_rows(FRIDAY, working + recent) == 500


@pytest.mark.parametrize("counts", [[], [100, 100], [11, 11, 11, 11], [0, 0, 0]])
def test_too_little_history_expects_nothing(counts: list[int]) -> None:
    assert outlook(FRIDAY, 0, past(FRIDAY, counts)) == {
        "expected": None,
        "shortfall": None,
        "scatter": None,
    }


def test_one_odd_night_does_not_move_the_expectation() -> None:
    assert expected_rows(FRIDAY, past(FRIDAY, [100, 9000, 100])) == 100


@given(st.integers(12, 10**6))
def test_an_empty_night_always_exceeds_what_chance_explains(usual: int) -> None:
    found = outlook(FRIDAY, 0, past(FRIDAY, [usual] * 3))
    assert found["shortfall"] == 1
    assert found["scatter"] is not None
    assert found["scatter"] < 1


@given(st.integers(1600, 10**6))
def test_a_large_source_is_held_by_the_declared_tenth(usual: int) -> None:
    scatter = outlook(FRIDAY, usual, past(FRIDAY, [usual] * 3))["scatter"]
    assert scatter is not None
    assert scatter <= 0.10


def test_every_fact_is_known_by_name_and_type(
    source: Callable[..., Source], conform: Callable[..., pa.Table]
) -> None:
    made_at = dt.datetime(2026, 10, 14, 17, tzinfo=dt.UTC)
    table = conform("dossier", [{"version_at": made_at}, {"version_at": None}])
    history = past(FRIDAY, [9000] + [100] * 3)
    facts = batch_facts(source(), records()["dossier"], table, Night(FRIDAY), Sent(8, 2), history)
    assert facts.keys() == FACTS.keys()
    assert facts == {
        "platform": "lgsp_json",
        "size": "small",
        "frequency": "nightly",
        "received": 8,
        "rejected": 2,
        "rejected_share": 0.25,
        "floor": 50,
        "ceiling": 900,
        "earlier_nights": 4,
        "expected": 100.0,
        "shortfall": 0.92,
        "scatter": 0.4,
        "newest_age_days": 2.0,
        "emptied": None,
    }


def test_what_nobody_declared_or_sent_is_unknown(
    source: Callable[..., Source], conform: Callable[..., pa.Table]
) -> None:
    facts = batch_facts(
        source(), records()["rating"], conform("rating", []), Night(FRIDAY), Sent(0), []
    )
    unknown = {name for name, value in facts.items() if value is None}
    assert unknown == {
        *("floor", "ceiling", "expected", "shortfall", "scatter"),
        *("newest_age_days", "rejected_share", "emptied"),
    }
