"""The national portal's side of the dossiers filed on it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.areas import area_of_unit
from catalog.identifiers import dossier_unit
from simulator import Nation
from simulator.truth import truth
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

SOURCE = declared("portal_dossier", "H26", "H12", "G15")
EVERYONE = declared("portal_dossier", "provinces", "ministries")
WORDS = {
    "1": "receiving",
    "2": "new",
    "3": "denied",
    "4": "processing",
    "5": "waiting",
    "6": "paying",
    "7": "cancelled",
    "8": "unresolved",
    "9": "releasing",
    "10": "done",
}
MINUTES = dt.timedelta(minutes=21)


def test_the_feed_is_lawful() -> None:
    assert_feed_is_lawful(SOURCE, key="MaHoSo")


@settings(max_examples=15, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=6, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(SOURCE, offsets)


def test_what_changes_just_before_midnight_is_told_in_the_next_window(nation: Nation) -> None:
    midnights = [OPENS + dt.timedelta(days=n) for n in range(DAYS + 1)]
    assert held(nation, EVERYONE, midnights) == held(nation, EVERYONE, [OPENS, ENDS])


def test_the_portal_says_what_the_source_said_minutes_before(nation: Nation) -> None:
    shown = held(nation, EVERYONE, [OPENS, ENDS])
    compared = 0
    for slug in nation.habits:
        for item in nation.window(slug, "dossier", OPENS, ENDS - MINUTES):
            row, there = item.row(), shown.get(item.code)
            if there and item.copy == 0 and there["NgayCapNhat"] < f"{ENDS - MINUTES:%Y%m%d%H%M%S}":
                assert item.subject.is_real
                assert row["NoiNopHoSo"] == "1"
                assert there["TrangThai"] == WORDS[row["TrangThaiHoSo"]]
                assert there["NgayNopHoSo"] == row["NgayNopHoSo"]
                assert there["NgayCapNhat"] > row["NgayCapNhat"]
                compared += 1
    assert compared > 1000


def test_one_in_a_hundred_is_missing_on_either_side(nation: Nation) -> None:
    shown = {state.code for state in states(nation, EVERYONE, OPENS, ENDS)}
    filed = {
        dossier.code
        for slug in nation.habits
        for dossier in nation.alive(slug, OPENS.date(), (ENDS - dt.timedelta(days=1)).date())
        if dossier.is_real and dossier.filed_on_portal
    }
    assert 0.003 < len(filed - shown) / len(filed) < 0.02
    assert 0.003 < len(shown - filed) / len(filed) < 0.02


def test_codes_of_orphans_look_real_and_are_nobodys(nation: Nation) -> None:
    everyone = {
        dossier.code
        for slug in nation.habits
        for dossier in nation.alive(slug, OPENS.date(), ENDS.date())
    }
    orphans = {s.code for s in states(nation, EVERYONE, OPENS, ENDS)} - everyone
    areas = {nation.sources[slug].area for slug in nation.habits}
    assert len(orphans) > 20
    assert {area_of_unit(dossier_unit(code)) for code in orphans} <= areas


def test_listing_the_portal_changes_nothing_at_the_sources() -> None:
    nation, other = small(), small()
    assert states(nation, EVERYONE, OPENS, OPENS + dt.timedelta(days=3))
    assert nation.born("ha_noi", nation.opens_on) == other.born("ha_noi", other.opens_on)


def test_a_reader_of_both_sides_finds_the_truth(nation: Nation) -> None:
    cutoff = dt.datetime(2026, 10, 21)
    settled = f"{cutoff - dt.timedelta(days=3):%Y%m%d%H%M%S}"
    source = declared("portal_dossier", "H26")
    shown = held(nation, source, [OPENS, cutoff])
    window = nation.window("ha_noi", "dossier", OPENS, cutoff)
    rows = [i.row() for i in window if i.subject.is_real and i.copy == 0]
    accepted = {r["MaHoSo"]: r for r in rows if r["NgayTiepNhan"]}
    asked = [
        code
        for code, row in accepted.items()
        if row["NoiNopHoSo"] == "1" and not row["MaHoSoCha"] and row["NgayTiepNhan"] <= settled
    ]
    old = [
        code
        for code, row in shown.items()
        if row["TrangThai"] not in ("receiving", "denied") and row["NgayNopHoSo"] <= settled
    ]
    counts = truth(nation, dt.date(2026, 10, 20))
    matched = (sum(code in shown for code in asked), len(asked))
    alone = (sum(code not in accepted for code in old), len(old))
    assert counts["portal_match_rate", "H26", "all"] == matched
    assert counts["portal_orphan_count", "H26", "all"] == alone
