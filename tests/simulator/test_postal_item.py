"""Postal items: a lawful feed, and delivery as known at the cutoff."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas, areas_of
from catalog.identifiers import unit_code
from catalog.sources import sources
from simulator import Nation
from simulator.kinds import Case
from simulator.kinds.postal_item import LONGEST, PostalItem, cases, counted, row
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

SOURCE = declared("postal_item", "provinces")
ACCEPTED, DELIVERED = dt.datetime(2026, 10, 5, 9), dt.datetime(2026, 10, 7, 10)
ITEM = PostalItem("B-1", "H26.01", "return", "Lê Thị Thử", ACCEPTED, DELIVERED)


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, "SoHieuBuuGui")


@settings(max_examples=10, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=5, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(declared("postal_item", "H26", "H35"), offsets)


def test_rows_hold_known_codes_of_units_of_every_area() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    assert {row["ChieuGui"] for row in rows} == set(codelists.words("postal_direction", "wire"))
    assert {unit_code(row["MaDonVi"]).split(".")[0] for row in rows} == set(areas_of(SOURCE))


def test_the_size_of_the_nation_gives_the_number_of_items() -> None:
    few, many = (
        len(states(Nation(OPENS.date(), dossiers, 7), SOURCE, OPENS, ENDS))
        for dossiers in (2_000, 40_000)
    )
    assert 30 < few < many / 10


def test_an_item_is_delivered_within_the_longest_way_or_never() -> None:
    items = [state.subject for state in states(small(), SOURCE, OPENS, ENDS + LONGEST)]
    ways = [item.delivered_at - item.accepted_at for item in items if item.delivered_at]
    assert dt.timedelta() < min(ways) < max(ways) < LONGEST
    assert 0 < len(items) - len(ways) < len(items) / 20


def test_what_is_under_way_at_the_cutoff_is_accepted_but_not_delivered() -> None:
    def told(cutoff: dt.datetime) -> list[Case]:
        return list(counted([ITEM], cutoff))

    count = Case("postal_item_count", "H26", ACCEPTED, 1)
    share = "postal_delivered_share"
    assert told(DELIVERED) == [count, Case(share, "H26", ACCEPTED, 0)]
    assert told(dt.datetime(2026, 10, 8)) == [count, Case(share, "H26", ACCEPTED, 1)]
    assert told(ACCEPTED) == []


def test_a_row_shows_a_delivery_only_when_it_is_known() -> None:
    under_way = ITEM.before(DELIVERED)
    assert under_way is not None
    assert row(ITEM, under_way)["NgayPhat"] == ""
    assert row(ITEM, under_way)["NgayCapNhat"] == "20261005090000"
    assert row(ITEM, ITEM)["NgayPhat"] == row(ITEM, ITEM)["NgayCapNhat"] == "20261007100000"


def test_the_rows_of_the_feed_tell_the_truth() -> None:
    rows = held(small(), SOURCE, [OPENS, ENDS]).values()
    delivered = sum(row["NgayPhat"] != "" for row in rows)
    truth = list(cases(small(), SOURCE, ENDS))
    shares = [case for case in truth if case.indicator == "postal_delivered_share"]
    assert len(truth) == 2 * len(rows)
    assert sum(case.numerator for case in shares) == delivered < len(rows)


def test_the_post_counts_for_provinces_and_is_none_itself() -> None:
    source = sources()["buu_chinh"]
    assert areas()[source.area].in_national_totals is False
    told = {areas()[case.area] for case in cases(small(), source, ENDS)}
    assert {area.kind for area in told} == {"province"}
    assert all(area.in_national_totals for area in told)
