"""The catalogue of procedures: a lawful feed, complete from the first night, and its stocks."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas, areas_of
from simulator import Nation
from simulator.kinds import Case
from simulator.kinds.catalogue import Offer, Procedure
from simulator.kinds.procedure import COUNTS, stock
from simulator.procedures import procedures
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

SOURCE = declared("procedure", "ministries")
AUGUST, OCTOBER = dt.date(2026, 8, 10), dt.date(2026, 10, 20)
FIRST_NIGHT = [OPENS, OPENS + dt.timedelta(days=1)]


def procedure(published_on: dt.date, **facts: Any) -> Procedure:
    usual: dict[str, Any] = {
        "code": "1.000001",
        "name_vi": "Cấp giấy phép thử",
        "field_code": "G15-TP01",
        "essential": None,
        "is_approved": False,
        "has_fee": True,
        "requires_result": True,
        "is_for_citizens": True,
        "time": 5,
        "time_unit": "working_day",
    }
    return Procedure(**{**usual, **facts}, published_on=published_on)


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, "MATTHC", "NGAYCAPNHAT")


@settings(max_examples=10, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=5, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(SOURCE, offsets)


def test_the_first_day_brings_the_whole_catalogue_and_later_days_what_changed() -> None:
    first = held(small(), SOURCE, FIRST_NIGHT)
    later = held(small(), SOURCE, [FIRST_NIGHT[1], ENDS])
    assert 540 < len(first) < 660
    assert 3 <= len(later) < 40
    changed = [code for code in later if code in first]
    assert changed
    assert len(changed) < len(later)
    assert all(row["NGAYCONGBO"] <= row["NGAYCAPNHAT"] for row in (first | later).values())


def test_the_catalogue_is_as_large_in_a_small_nation() -> None:
    tiny = Nation(OPENS.date(), dossiers=500, seed=7)
    assert held(tiny, SOURCE, FIRST_NIGHT) == held(small(), SOURCE, FIRST_NIGHT)


def test_rows_hold_known_codes_of_the_publishing_ministries() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    assert all(re.fullmatch(r"\d\.\d{6}", row["MATTHC"]) for row in rows)
    assert {row["MACOQUANCONGBO"] for row in rows} == set(areas_of(SOURCE))
    assert all(row["MALINHVUC"].startswith(row["MACOQUANCONGBO"] + "-") for row in rows)
    assert {row["MUCDO"] for row in rows} == {"", *codelists.words("service_level", "wire")}
    assert {row["DONVITHOIHAN"] for row in rows} == set(codelists.words("time_unit", "wire"))
    flags = ("DANHMUCPHEDUYET", "COPHILEPHI", "COKETQUA", "CHOCONGDAN")
    assert all({row[name] for row in rows} == {"0", "1"} for name in flags)


def test_a_source_speaks_of_its_own_ministries_only() -> None:
    rows = held(small(), declared("procedure", "G15"), [OPENS, ENDS]).values()
    assert {row["MACOQUANCONGBO"] for row in rows} == {"G15"}


def test_each_of_the_25_essential_services_is_listed_once_and_never_ends() -> None:
    rows = [row for row in held(small(), SOURCE, [OPENS, ENDS]).values() if row["SODVCTHIETYEU"]]
    numbers = Counter(int(row["SODVCTHIETYEU"]) for row in rows)
    assert numbers == Counter(range(1, 26))
    assert all(row["NGAYBAIBO"] == "" for row in rows)


def test_what_dossiers_are_about_is_in_the_catalogue_for_good() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS])
    for one in (*procedures("province"), *procedures("ministry")):
        assert rows[one.code]["TENTTHC"] == one.name_vi
        assert rows[one.code]["NGAYBAIBO"] == ""


def test_a_month_counts_what_was_valid_on_its_last_known_day() -> None:
    listed = [
        (procedure(AUGUST), Offer("end_to_end", None)),
        (procedure(OCTOBER), Offer("partial", None)),
        (procedure(AUGUST), Offer("end_to_end", ended_on=dt.date(2026, 9, 30))),
        (procedure(dt.date(2026, 10, 21)), Offer("end_to_end", None)),
    ]
    cases = list(stock(listed, dt.date(2026, 7, 15), OCTOBER))
    numbers = {(c.indicator, c.at.month): (c.numerator, c.denominator) for c in cases}
    assert {month: numbers["procedures_published_count", month] for month in (8, 9, 10)} == {
        8: (2, 2),
        9: (1, 1),
        10: (2, 2),
    }
    assert numbers["end_to_end_service_count", 10] == (1, 2)
    assert numbers["online_service_count", 10] == (2, 2)
    assert {month for _, month in numbers} == {8, 9, 10}
    assert all(c.is_stock and c.at.day == 1 and c.area == "G15" for c in cases)


def test_approved_and_essential_services_are_counted_of_their_own_population() -> None:
    listed = [
        (procedure(AUGUST, is_approved=True), Offer("information", None)),
        (procedure(AUGUST, essential=3), Offer(None, None)),
        (procedure(AUGUST, essential=4), Offer("partial", None)),
    ]
    [approved] = [c for c in stock(listed, OCTOBER, OCTOBER) if c.indicator.startswith("approved")]
    [essential] = [c for c in stock(listed, OCTOBER, OCTOBER) if c.indicator.startswith("essent")]
    first = dt.datetime(2026, 10, 1)
    assert approved == Case("approved_service_count", "G15", first, 1, 3, is_stock=True)
    assert essential == Case("essential_service_count", "G15", first, 1, 2, is_stock=True)
    others = stock(listed[:1], OCTOBER, OCTOBER)
    assert "essential_service_count" not in {case.indicator for case in others}


def test_the_rows_of_the_first_night_tell_the_truth_of_every_month() -> None:
    rows = held(small(), SOURCE, FIRST_NIGHT).values()
    counts = told(SOURCE, OPENS.date())
    for period, day in (("2025-07", "20250731"), ("2026-09", "20260901"), ("all", "20260901")):
        valid = [r for r in rows if r["NGAYCONGBO"] <= day < (r["NGAYBAIBO"] or "9")]
        for ministry in areas_of(SOURCE):
            own = [row for row in valid if row["MACOQUANCONGBO"] == ministry]
            online = sum(row["MUCDO"] in ("3", "4") for row in own)
            assert counts["online_service_count", ministry, period] == (online, len(own))
    assert {key[0] for key in counts} == {*COUNTS, "procedure_online_share"}
    assert {areas()[key[1]].kind for key in counts} == {"ministry", "nation"}
