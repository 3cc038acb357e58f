"""A year with Tết: no day off is held for being one, and a source that fell silent still is."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest

from catalog.working_days import is_worked
from expectations.outlook import History, expected_rows, is_unusual, outlook

ONE_DAY = dt.timedelta(days=1)
TET = [dt.date(2026, 2, 14) + n * ONE_DAY for n in range(9)]
"""From the Saturday before to the Sunday after: 16 to 20 February 2026 are days off."""
WEEK = (1.36, 1.3, 1.26, 1.22, 1.21, 0.35, 0.3)


def year(rows: int, quiet: float) -> Iterator[tuple[dt.date, int]]:
    """A night for each day: `rows` by weekday with chance; on days off beside a holiday a share
    `quiet` of the quietest day, on the working days beside it half of the usual."""
    chance = random.Random(7)
    day = dt.date(2025, 12, 1)
    while day.year < 2027:
        usual = rows * WEEK[day.weekday()]
        if is_unusual(day):
            usual = rows * WEEK[4] / 2 if is_worked(day) else rows * WEEK[6] * quiet
        yield day, max(0, round(chance.gauss(usual, usual**0.5)))
        day += ONE_DAY


def is_held(on: dt.date, received: int, history: History) -> bool:
    """What volume_collapse says."""
    found = outlook(on, received, history)
    shortfall, scatter = found["shortfall"], found["scatter"]
    return shortfall is not None and scatter is not None and shortfall > max(0.10, scatter)


@pytest.mark.parametrize("rows", [60, 1000, 20_000])
@pytest.mark.parametrize("quiet", [0.2, 1.0, 4.0], ids=["quiet", "a sunday", "like a weekday"])
def test_no_night_of_the_year_is_held_for_a_day_off(rows: int, quiet: float) -> None:
    nights = list(year(rows, quiet))
    held = [on for n, (on, count) in enumerate(nights) if is_held(on, count, nights[:n])]
    assert held == []


@pytest.mark.parametrize("on", [*TET, dt.date(2026, 8, 22), dt.date(2026, 9, 3)])
def test_a_large_source_that_falls_silent_is_held_even_then(on: dt.date) -> None:
    nights = list(year(1000, 0.2))
    before = [night for night in nights if night[0] < TET[0]]
    assert is_held(on, 0, before)


def test_the_days_around_a_break_are_no_usual_days() -> None:
    friday_before, monday_after = TET[0] - ONE_DAY, TET[-1] + ONE_DAY
    assert all(is_unusual(day) for day in (friday_before, *TET, monday_after))
    assert not is_unusual(friday_before - ONE_DAY)
    assert not is_unusual(monday_after + ONE_DAY)
    assert is_unusual(dt.date(2026, 8, 22)), "a Saturday made up for"
    assert not is_unusual(dt.date(2026, 8, 15))


def test_a_day_off_is_expected_to_bring_a_tenth_of_the_quietest_day_off() -> None:
    before = [(TET[0] - n * ONE_DAY, 500 if is_worked(TET[0] - n * ONE_DAY) else 400 + n)
              for n in range(60, 0, -1)]  # fmt: skip
    assert expected_rows(TET[3], before) == pytest.approx(40.6)


def test_weeks_after_tet_are_not_measured_by_it() -> None:
    nights = [night for night in year(1000, 0.2) if night[0] < dt.date(2026, 2, 28)]
    expected = expected_rows(dt.date(2026, 2, 28), nights)
    assert expected is not None
    assert expected == pytest.approx(350, rel=0.15)


def test_a_monday_is_compared_with_mondays_where_there_are_four() -> None:
    monday = dt.date(2026, 10, 19)
    nights = [(monday - n * ONE_DAY, 900 if (monday - n * ONE_DAY).weekday() == 0 else 300)
              for n in range(28, 0, -1)]  # fmt: skip
    assert expected_rows(monday, nights) == 900
    assert expected_rows(monday, nights[7:]) == 300
