"""The register of agencies: a lawful feed, complete from the first night, and its stocks."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas_of
from catalog.identifiers import unit_code
from simulator.kinds.agency import Agency, Standing, stock
from tests.simulator.laws import (
    DAYS,
    ENDS,
    OPENS,
    assert_feed_is_lawful,
    assert_windows_end_where_one_window_ends,
    declared,
    held,
    small,
    told,
)

SOURCE = declared("agency", "provinces")
FIRST_NIGHT = [OPENS, OPENS + dt.timedelta(days=1)]
JULY, OCTOBER = dt.date(2025, 7, 1), dt.date(2026, 10, 20)


def agency(kind: str, valid_from: dt.date = JULY) -> Agency:
    return Agency("H26.101", "Bộ phận Một cửa xã thử", kind, valid_from)


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, "MADONVI", "NGAYCAPNHAT")


@settings(max_examples=10, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=5, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(SOURCE, offsets)


def test_the_first_day_brings_the_whole_register_and_later_days_what_changed() -> None:
    first = held(small(), SOURCE, FIRST_NIGHT)
    later = held(small(), SOURCE, [FIRST_NIGHT[1], ENDS])
    assert 1200 < len(first) < 1600
    assert 10 < len(later) < 100
    opened = [row for code, row in later.items() if code not in first]
    closed = [row for code, row in later.items() if row["DENNGAY"] > "20260901"]
    certified = [r for c, r in later.items() if c in first and r["ISO9001"] > first[c]["ISO9001"]]
    assert opened
    assert closed
    assert certified


def test_rows_hold_known_codes_of_units_of_every_province() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    assert {row["LOAIDONVI"] for row in rows} == set(codelists.words("agency_kind", "wire"))
    assert {row["ISO9001"] for row in rows} == {"", "0", "1"}
    assert all(unit_code(row["MADONVI"]) == row["MADONVI"] for row in rows)
    assert {row["MADONVI"].split(".")[0] for row in rows} == set(areas_of(SOURCE))
    assert all(row["TUNGAY"] < (row["DENNGAY"] or "9") for row in rows)


def test_every_unit_that_petitions_name_is_in_the_register() -> None:
    petitions = held(small(), declared("petition", "provinces"), [OPENS, ENDS]).values()
    registered = held(small(), SOURCE, FIRST_NIGHT)
    assert {row["MaDonVi"] for row in petitions} <= set(registered)


def test_districts_ended_and_communes_began_on_one_day() -> None:
    rows = held(small(), SOURCE, FIRST_NIGHT).values()
    districts = [row for row in rows if " huyện " in row["TENDONVI"]]
    communes = [row for row in rows if " xã " in row["TENDONVI"]]
    assert {row["DENNGAY"] for row in districts} == {"20250701"}
    assert {row["TUNGAY"] >= "20250701" for row in communes} == {True}


def test_a_month_counts_what_existed_on_its_last_known_day() -> None:
    units = [
        (agency("administration"), Standing(None, None)),
        (agency("centre"), Standing(True, None)),
        (agency("one_stop_desk"), Standing(False, valid_to=dt.date(2026, 9, 30))),
        (agency("one_stop_desk", OCTOBER), Standing(True, None)),
        (agency("one_stop_desk", dt.date(2026, 10, 21)), Standing(True, None)),
    ]
    cases = list(stock(units, dt.date(2026, 8, 1), OCTOBER))
    numbers = {(c.indicator, c.at.month): (c.numerator, c.denominator) for c in cases}
    assert numbers == {
        ("one_stop_desk_count", 8): (2, 3),
        ("iso_desk_share", 8): (1, 2),
        ("one_stop_desk_count", 9): (1, 2),
        ("iso_desk_share", 9): (1, 1),
        ("one_stop_desk_count", 10): (2, 3),
        ("iso_desk_share", 10): (2, 2),
    }
    assert all(c.is_stock and c.at.day == 1 and c.area == "H26" for c in cases)


def test_where_nothing_exists_nothing_is_told() -> None:
    later = [(agency("centre", dt.date(2026, 10, 1)), Standing(True, None))]
    assert {case.at.month for case in stock(later, dt.date(2026, 8, 1), OCTOBER)} == {10}
    office = [(agency("administration"), Standing(None, None))]
    assert {c.indicator for c in stock(office, OCTOBER, OCTOBER)} == {"one_stop_desk_count"}


def test_the_rows_of_the_first_night_tell_the_truth_of_every_month() -> None:
    rows = held(small(), SOURCE, FIRST_NIGHT).values()
    counts = told(SOURCE, OPENS.date())
    for period, day in (("2025-07", "20250731"), ("2026-09", "20260901"), ("all", "20260901")):
        valid = [r for r in rows if r["TUNGAY"] <= day < (r["DENNGAY"] or "9")]
        for province in areas_of(SOURCE):
            own = [row for row in valid if row["MADONVI"].split(".")[0] == province]
            desks = sum(row["LOAIDONVI"] != "CQHC" for row in own)
            assert counts["one_stop_desk_count", province, period] == (desks, len(own))
