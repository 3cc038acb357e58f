"""Which periods must have been reported on by a given day, and what silence does to figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA
from pipeline.reporting import MONTHS, ended_periods, last_ended
from transforms.indicators import MEASURE_SCHEMA, indicators, observe, stream_of

ONE_DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2035, 12, 31))
FREQUENCIES = st.sampled_from(sorted(MONTHS))


def month_of(day: dt.date) -> int:
    """Months are counted from the year 0."""
    return day.year * 12 + day.month - 1


@given(FREQUENCIES, DAYS)
def test_the_day_after_it_starts_a_period(frequency: str, on: dt.date) -> None:
    after = last_ended(frequency, on) + ONE_DAY
    assert after.day == 1
    assert month_of(after) % MONTHS[frequency] == 0


@given(FREQUENCIES, DAYS)
def test_it_has_ended_and_the_next_has_not(frequency: str, on: dt.date) -> None:
    last = last_ended(frequency, on)
    assert last <= on
    months_since = month_of(on + ONE_DAY) - month_of(last + ONE_DAY)
    assert 0 <= months_since < MONTHS[frequency]


@given(FREQUENCIES, DAYS)
def test_it_never_goes_back_and_moves_only_where_a_period_ends(frequency: str, on: dt.date) -> None:
    today, tomorrow = last_ended(frequency, on), last_ended(frequency, on + ONE_DAY)
    assert tomorrow in (today, on + ONE_DAY)


@given(DAYS)
def test_longer_periods_end_no_later_than_shorter_ones(on: dt.date) -> None:
    month, quarter, year = (last_ended(f, on) for f in ("monthly", "quarterly", "yearly"))
    assert year <= quarter <= month


@pytest.mark.parametrize("frequency", ["nightly", "once"])
@given(on=DAYS)
def test_without_periods_every_day_is_complete_by_itself(frequency: str, on: dt.date) -> None:
    assert last_ended(frequency, on) == on
    assert list(ended_periods(frequency, dt.date(2025, 1, 1), on)) == []


@pytest.mark.parametrize(
    ("frequency", "on", "last"),
    [
        ("monthly", "2026-11-18", "2026-10-31"),
        ("monthly", "2026-11-30", "2026-11-30"),
        ("monthly", "2028-02-28", "2028-01-31"),
        ("quarterly", "2026-11-18", "2026-09-30"),
        ("quarterly", "2026-03-31", "2026-03-31"),
        ("yearly", "2026-12-30", "2025-12-31"),
        ("yearly", "2026-12-31", "2026-12-31"),
    ],
)
def test_worked_examples(frequency: str, on: str, last: str) -> None:
    assert last_ended(frequency, dt.date.fromisoformat(on)) == dt.date.fromisoformat(last)


@given(FREQUENCIES, DAYS, DAYS)
def test_the_ended_periods_follow_each_other_without_a_hole(
    frequency: str, since: dt.date, on: dt.date
) -> None:
    ended = list(ended_periods(frequency, since, on))
    assert all(since <= last <= on for _, last in ended)
    assert all(
        month_of(last + ONE_DAY) - month_of(first) == MONTHS[frequency] for first, last in ended
    )
    assert [last for _, last in ended[1:]] == [first - ONE_DAY for first, _ in ended[:-1]]
    newest = last_ended(frequency, on)
    assert [last for _, last in ended[:1]] == [newest] * (newest >= since)


NIGHT = Night.parse("2026-11-18")
FLOW, STOCK = "electronic_document_share", "portal_account_count"


def observed(code: str, silent: list[tuple[str, str]], *stated: tuple[str, int]) -> Any:
    """Period -> what is published of H26, which stated a number for the periods beginning so."""
    figure = indicators()[code].figure
    days = dt.date.fromisoformat
    row = {"area": "H26", "stream": stream_of(figure), "starts_on": days("2026-01-01")}
    row |= {"complete_through": NIGHT.on}
    row |= {"silent": [{"starts_on": days(a), "ends_on": days(b)} for a, b in silent]}
    measures = [
        {"indicator": code, "definition_version": indicators()[code].version, "area": "H26"}
        | {"starts_on": days(on), "numerator": number, "denominator": 10}
        for on, number in stated
    ]
    table = observe(
        pa.Table.from_pylist(measures, MEASURE_SCHEMA),
        pa.Table.from_pylist([row], REPORTING_SCHEMA),
        NIGHT,
        "nightly-2026-11-18",
    )
    of = [(r["indicator"], r["borders"], r["area"]) for r in table.to_pylist()]
    rows = [r for r, key in zip(table.to_pylist(), of, strict=True) if key == (code, "34", "H26")]
    return {r["period"]: (r["numerator"], r["coverage"], r["status"]) for r in rows}


def test_of_a_flow_a_silent_month_is_missing_and_its_year_is_not_covered() -> None:
    stated = [("2026-07-01", 1), ("2026-09-01", 3), ("2026-10-01", 4)]
    found = observed(FLOW, [("2026-08-01", "2026-08-31")], *stated)
    assert found["2026-08"] == (None, 0, "missing")
    assert found["2026-07"] == (1, 1, "provisional")
    assert found["2026-Q3"] == (4, 0, "provisional")
    assert found["2026-Q4"] == (4, 1, "provisional")
    assert found["2026"] == found["all"] == (8, 0, "provisional")


def test_of_a_stock_only_the_last_day_must_be_known() -> None:
    stated = [("2026-06-30", 1), ("2026-08-31", 3), ("2026-10-31", 4)]
    silent = [("2026-07-01", "2026-07-31"), ("2026-09-01", "2026-09-30")]
    found = observed(STOCK, silent, *stated)
    assert found["2026-07"] == found["2026-09"] == (None, 0, "missing")
    assert found["2026-08"] == (3, 1, "provisional")
    assert found["2026-Q3"] == (3, 0, "provisional")
    assert found["2026"] == (4, 1, "provisional")
