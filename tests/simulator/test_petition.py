"""Petitions: a lawful feed, and the four deadlines counted in working days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas_of
from catalog.identifiers import unit_code
from simulator import Nation
from simulator.kinds import Case
from simulator.kinds.petition import cases, counted, row
from simulator.kinds.petition_life import LONGEST, Petition, is_on_time
from tests.simulator.laws import (
    DAYS,
    ENDS,
    OPENS,
    assert_feed_is_lawful,
    assert_windows_end_where_one_window_ends,
    declared,
    held,
    small,
    states,
)

SOURCE = declared("petition", "provinces", "ministries")
MONDAY = dt.datetime(2026, 10, 5, 9)


def at(day: int, hour: int = 16, month: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour)


def petition(received_at: dt.datetime = MONDAY, **times: Any) -> Petition:
    return Petition("P-1", "H26.01", "procedure", "Lê Thị Thử", "0", received_at, **times)


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, "MaPAKN")


@settings(max_examples=10, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=5, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(declared("petition", "H26", "H29", "G15"), offsets)


def test_rows_hold_known_codes_of_units_of_every_area() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    assert {row["LoaiPAKN"] for row in rows} == set(codelists.words("petition_type", "wire"))
    assert {row["TrangThai"] for row in rows} == set(codelists.words("petition_status", "wire"))
    assert {row["KhongHaiLong"] for row in rows} == {"", "0", "1"}
    assert {row["KienNghiLai"] for row in rows} == {"", "0", "1"}
    assert {unit_code(row["MaDonVi"]).split(".")[0] for row in rows} <= set(areas_of(SOURCE))
    assert all(row["MaDonVi"].count(".") == 1 for row in rows)


def test_the_size_of_the_nation_gives_the_number_of_petitions() -> None:
    few, many = (
        len(states(Nation(OPENS.date(), dossiers, 7), SOURCE, OPENS, ENDS))
        for dossiers in (2_000, 40_000)
    )
    assert 10 < few < many / 10


def test_nothing_happens_after_the_longest_life() -> None:
    late = ENDS + LONGEST
    for state in states(small(), SOURCE, OPENS, late):
        moments = state.subject.moments
        assert moments[0] == state.subject.received_at
        assert moments[-1] - moments[0] < LONGEST
        assert len(moments) == len(set(moments))


@pytest.mark.parametrize(
    ("times", "on", "expected"),
    [
        ({"returned_at": at(7)}, 30, True),
        ({"returned_at": at(8)}, 30, False),
        ({"supplement_requested_at": at(12)}, 12, True),
        ({"supplement_requested_at": at(13)}, 13, False),
        ({"supplement_requested_at": at(13), "returned_at": at(6)}, 30, True),
        ({"resolved_at": at(26), "published_at": at(28)}, 30, True),
        ({"resolved_at": at(27), "published_at": at(28)}, 30, False),
        ({"resolved_at": at(9), "published_at": at(13)}, 30, True),
        ({"resolved_at": at(9), "published_at": at(14)}, 30, False),
        ({"resolved_at": at(9)}, 13, True),
        ({"resolved_at": at(9)}, 14, False),
        ({}, 26, True),
        ({}, 27, False),
        ({"taken_up_at": at(6), "supplement_requested_at": at(5)}, 27, False),
    ],
)
def test_every_deadline_to_the_working_day(times: dict[str, Any], on: int, expected: bool) -> None:
    assert is_on_time(petition(**times), dt.date(2026, 10, on)) is expected


def test_a_weekend_does_not_count_and_a_saturday_that_is_made_up_does() -> None:
    weekend = petition(at(10), returned_at=at(13))
    made_up = petition(at(8, month=1), returned_at=at(12, month=1))
    assert is_on_time(weekend, dt.date(2026, 10, 30))
    assert not is_on_time(made_up, dt.date(2026, 1, 30))


def test_only_what_is_known_before_the_cutoff_counts() -> None:
    life = {"resolved_at": at(9), "published_at": at(14), "rated_at": at(16)}
    one = petition(**life, is_disliked=True)
    disliked = Case("petition_disliked_share", "H26", MONDAY, 1)
    for cutoff, is_good, is_rated in ((10, 1, 0), (14, 1, 0), (15, 0, 0), (17, 0, 1)):
        expected = [Case("petition_on_time_rate", "H26", MONDAY, is_good), *[disliked] * is_rated]
        assert list(counted([one], at(cutoff, 0))) == expected
    assert list(counted([one], MONDAY)) == []


def test_a_row_shows_what_was_known_and_no_more() -> None:
    life = {"resolved_at": at(9), "published_at": at(14), "rated_at": at(16)}
    one = petition(**life, is_disliked=True, repeated_at=at(20))
    known = one.before(at(14, 0))
    assert known is not None
    shown, last = row(one, known), row(one, one)
    assert (shown["TrangThai"], shown["NgayCongKhai"], shown["KhongHaiLong"]) == ("5", "", "")
    assert (shown["KienNghiLai"], shown["NgayCapNhat"]) == ("0", "20261009160000")
    assert (last["TrangThai"], last["KhongHaiLong"], last["KienNghiLai"]) == ("6", "1", "1")
    assert last["NgayCapNhat"] == "20261020160000"


def test_the_rows_of_the_feed_tell_the_truth() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    truth = list(cases(small(), SOURCE, ENDS))
    rated = [row for row in rows if row["KhongHaiLong"]]
    stated = [case for case in truth if case.indicator == "petition_disliked_share"]
    assert len(truth) - len(stated) == len(rows)
    assert (sum(case.numerator for case in stated), len(stated)) == (
        sum(row["KhongHaiLong"] == "1" for row in rated),
        len(rated),
    )
    kept = sum(case.numerator for case in truth if case.indicator == "petition_on_time_rate")
    assert 0.5 < kept / len(rows) < 0.95
