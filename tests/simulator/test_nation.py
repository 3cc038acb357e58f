"""The nation is the same whoever asks, in whatever order, and its feeds lose nothing."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.identifiers import dossier_unit, procedure_base, unit_code
from simulator import Nation

OPENS = dt.datetime(2026, 9, 1)
DAYS = 60
ENDS = OPENS + dt.timedelta(days=DAYS)
NAMES = ("ha_noi", "lai_chau", "bo_tu_phap")
Rows = dict[str, dict[str, Any]]


def _state(nation: Nation, slug: str, record: str, cuts: list[dt.datetime]) -> Rows:
    """What a reader holds who asks for one window after the other."""
    held: Rows = {}
    for since, until in pairwise(cuts):
        for item in nation.window(slug, record, since, until):
            if item.subject.is_real:
                held[item.code] = item.row()
    return held


def test_equal_arguments_give_an_equal_nation_in_any_order(nation: Nation) -> None:
    other = Nation(nation.opens_on, nation.dossiers, nation.seed)
    days = [nation.opens_on + dt.timedelta(days=n) for n in range(20)]
    forwards = [nation.born("hue", day) for day in days]
    backwards = [other.born("hue", day) for day in reversed(days)]
    assert forwards == backwards[::-1]


def test_another_seed_gives_another_nation(nation: Nation) -> None:
    other = Nation(nation.opens_on, nation.dossiers, nation.seed + 1)
    assert other.born("hue", nation.opens_on) != nation.born("hue", nation.opens_on)


def test_nothing_exists_before_it_opens(nation: Nation) -> None:
    assert nation.window("ha_noi", "dossier", OPENS - dt.timedelta(days=400), OPENS) == ()
    later = Nation(nation.opens_on + dt.timedelta(days=9), nation.dossiers, nation.seed)
    day = later.opens_on
    assert later.born("ha_noi", day) == nation.born("ha_noi", day)


def test_size_follows_what_was_asked_for(nation: Nation) -> None:
    days = [nation.opens_on + dt.timedelta(days=n) for n in range(0, 91, 13)]
    born = sum(len(nation.born(slug, day)) for slug in nation.habits for day in days)
    assert born / len(days) * 90 == pytest.approx(nation.dossiers, rel=0.15)


def test_versions_follow_one_another_from_the_day_of_birth(nation: Nation) -> None:
    for slug in NAMES:
        for n in range(40):
            day = nation.opens_on + dt.timedelta(days=n)
            for dossier in nation.born(slug, day):
                times = [version.at for version in dossier.versions]
                assert times == sorted(set(times))
                assert not times or times[0].date() == day


def test_every_state_and_every_turn_of_a_life_occurs(nation: Nation) -> None:
    moves = {
        (one.status, other.status)
        for slug in nation.habits
        for dossier in nation.alive(slug, OPENS.date(), ENDS.date())
        for one, other in pairwise(dossier.versions)
    }
    assert {
        ("registered", "received"),
        ("registered", "refused"),
        ("received", "processing"),
        ("processing", "withdrawn"),
        ("processing", "stopped"),
        ("processing", "payment_requested"),
        ("supplement_requested", "received"),
        ("finished", "received"),
        ("finished", "returned"),
        ("returned", "processing"),
    } <= moves


@pytest.mark.parametrize("record", ["dossier", "dossier_event", "rating"])
@settings(max_examples=15, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=6, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(record: str, offsets: list[int]) -> None:
    nation = Nation(OPENS.date(), dossiers=20_000, seed=7)
    cuts = [OPENS + dt.timedelta(seconds=offset) for offset in sorted(offsets)]
    for slug in NAMES[1:]:
        whole = _state(nation, slug, record, [OPENS, ENDS])
        assert whole
        assert _state(nation, slug, record, [OPENS, *cuts, ENDS]) == whole


def test_a_window_is_sorted_and_holds_each_key_once(nation: Nation) -> None:
    window = nation.window("ha_noi", "dossier", OPENS, ENDS)
    order = [(item.at, item.code) for item in window]
    assert order == sorted(order)
    real = [item.code for item in window if item.subject.is_real and item.copy == 0]
    assert len(real) == len(set(real)) > 100


def test_real_rows_hold_only_strings_and_known_codes(nation: Nation) -> None:
    for slug in NAMES:
        for item in nation.window(slug, "dossier", OPENS, ENDS):
            row = item.row()
            assert all(isinstance(value, str | list) for value in row.values())
            if item.subject.is_real:
                area = dossier_unit(row["MaHoSo"]).split(".")[0]
                assert area == nation.sources[slug].area
                assert procedure_base(row["MaTTHC"]) == item.subject.procedure.code


def test_both_generations_of_unit_codes_and_three_shapes_of_procedure_codes(
    nation: Nation,
) -> None:
    dossiers = [d for slug in nation.habits for d in nation.born(slug, nation.opens_on)]
    assert {len(dossier.code.split("-")[0].split(".")) for dossier in dossiers} == {2, 4}
    assert {dossier.procedure_sent.count(".") for dossier in dossiers} == {1, 2, 5}


def test_now_and_then_another_unit_of_the_source_decides(nation: Nation) -> None:
    for slug in NAMES:
        dossiers = [d for d in nation.alive(slug, OPENS.date(), ENDS.date()) if d.is_real]
        elsewhere = [dossier for dossier in dossiers if dossier.deciding_unit]
        assert 0.002 < len(elsewhere) / len(dossiers) < 0.1
        for dossier in elsewhere:
            receiving = dossier.code.split("-")[0]
            assert dossier.deciding_unit != receiving
            assert len(dossier.deciding_unit) == len(receiving)
            assert unit_code(dossier.deciding_unit).split(".")[0] == nation.sources[slug].area
