"""The laws of deadlines: alike in SQL and reckoned day by day, and never earlier for coming later,
taking longer or waiting longer."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.night import LOCAL_ZONE
from catalog.office_hours import office_of
from simulator.working_time import deadline
from tests.deadlines.conftest import UNITS, Row, Seen, dossier

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AREAS = ("H26", "H29", "H56", "G15")
QUIET = dt.datetime(2026, 9, 7), dt.datetime(2026, 10, 4)
"""No public holiday from here until two months after."""


def moments(first: dt.datetime, last: dt.datetime) -> st.SearchStrategy[dt.datetime]:
    seconds = int((last - first).total_seconds())
    any_second = st.integers(0, seconds).map(lambda s: first + dt.timedelta(seconds=s))
    quarters = st.integers(0, seconds // 900).map(lambda q: first + q * HOUR / 4)
    return any_second | quarters


YEAR = moments(dt.datetime(2025, 12, 1), dt.datetime(2026, 10, 10))
"""Long enough before the night for every wait to have ended."""
TERM = st.tuples(st.sampled_from(UNITS), st.integers(1, 40))
WAIT = st.tuples(st.integers(0, 20 * 24), st.integers(0, 20 * 24))
CASE = st.tuples(YEAR, TERM, st.sampled_from(AREAS), st.none() | WAIT)
Case = tuple[dt.datetime, tuple[str, int], str, tuple[int, int] | None]
slowly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows_of(case: Case, number: int) -> tuple[Row, list[Row]]:
    received_at, (unit, time), area, wait = case
    at = received_at.replace(tzinfo=LOCAL_ZONE)
    events: list[Row] = []
    if wait:
        asked_at = at + wait[0] * HOUR
        kinds = (
            ("supplement_requested", asked_at),
            ("supplement_received", asked_at + wait[1] * HOUR),
        )
        events = [{"dossier_code": str(number), "event": k, "happened_at": m} for k, m in kinds]
    return dossier(number, at, f"{unit} {time}", area_code=area), events


def ends(seen: Seen, cases: list[Case]) -> list[dt.datetime]:
    """The deadline of each case, in local time."""
    made = [rows_of(case, number) for number, case in enumerate(cases)]
    shown = seen("deadline", [row for row, _ in made], [e for _, events in made for e in events])
    return [row["deadline_at"].astimezone(LOCAL_ZONE).replace(tzinfo=None) for row in shown]


def by_days(case: Case) -> dt.datetime:
    received_at, (unit, time), area, wait = case
    asked_at = received_at + wait[0] * HOUR if wait else received_at
    waits = [(asked_at, asked_at + wait[1] * HOUR)] if wait and wait[1] else []
    return deadline(office_of(area), received_at, time, unit, waits)


@slowly
@given(st.lists(CASE, min_size=5, max_size=40))
def test_sql_and_day_by_day_reckoning_agree(seen: Seen, cases: list[Case]) -> None:
    assert ends(seen, cases) == [by_days(case) for case in cases]


@slowly
@given(st.lists(YEAR, min_size=5, max_size=40), TERM, st.sampled_from(AREAS))
def test_what_comes_later_is_never_due_earlier(
    seen: Seen, received: list[dt.datetime], term: tuple[str, int], area: str
) -> None:
    found = ends(seen, [(at, term, area, None) for at in sorted(received)])
    assert found == sorted(found)


@slowly
@given(YEAR, st.sampled_from(UNITS), st.sampled_from(AREAS), st.none() | WAIT)
def test_a_longer_time_is_never_due_earlier(
    seen: Seen, at: dt.datetime, unit: str, area: str, wait: tuple[int, int] | None
) -> None:
    found = ends(seen, [(at, (unit, time), area, wait) for time in range(1, 41)])
    assert found == sorted(found)


@slowly
@given(
    YEAR,
    TERM,
    st.sampled_from(AREAS),
    st.integers(0, 200),
    st.lists(st.integers(0, 500), min_size=5, max_size=20),
)
def test_a_longer_wait_never_makes_a_deadline_earlier(
    seen: Seen, at: dt.datetime, term: tuple[str, int], area: str, after: int, waits: list[int]
) -> None:
    found = ends(seen, [(at, term, area, (after, wait)) for wait in sorted(waits)])
    assert found == sorted(found)
    assert found[0] >= ends(seen, [(at, term, area, None)])[0]


@slowly
@given(st.lists(moments(*QUIET), min_size=5, max_size=40), st.integers(1, 30))
def test_without_holidays_working_days_are_weekdays(
    seen: Seen, received: list[dt.datetime], time: int
) -> None:
    """And eight hours are one of them."""

    def weekdays_later(at: dt.datetime, count: int) -> dt.date:
        start = at.date() + (DAY if at.time() > dt.time(17) else 0 * DAY)
        while start.weekday() >= 5:
            start += DAY
        for _ in range(count):
            start += DAY if start.weekday() < 4 else (7 - start.weekday()) * DAY
        return start

    found = ends(seen, [(at, ("working_day", time), "H26", None) for at in received])
    last_days = [weekdays_later(at, time) for at in received]
    assert found == [dt.datetime.combine(day + DAY, dt.time()) for day in last_days]
    at_opening = [at.replace(hour=8, minute=0, second=0) for at in received]
    whole_days = ends(seen, [(at, ("hour", 8), "H26", None) for at in at_opening])
    first_days = [weekdays_later(at, 0) for at in at_opening]
    assert whole_days == [dt.datetime.combine(day, dt.time(17)) for day in first_days]
