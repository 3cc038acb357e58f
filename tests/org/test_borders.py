"""As reported and restated: two ways to add up the same counts, with one nation."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.areas import area_of_unit, province_since_34
from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA
from tests.org.conftest import copy_of_lists, declarations
from transforms.indicators import MEASURE_SCHEMA, indicators, observe

NIGHT = Night.parse("2026-11-22")
FLOW, STOCK = "online_submission_share", "iso_desk_share"
BALANCE, OPENING, TURNOVER = (
    "form06_11_pending_total",
    "form06_06_carried_over",
    "form06_03_received_total",
)
UNITS = ("H55.01", "H03.05", "H03.06", "H37.01", "H14.02", "H36.01", "H11.02", "H16.09", "G03.01")
AREAS = sorted({area_of_unit(unit) for unit in UNITS})
Count = tuple[str, str, dt.date, int, int]
"""Indicator, unit, day, numerator, denominator."""
Figure = dict[str, Any]
Figures = dict[tuple[str, str, str], Figure]


def measures(counts: list[Count]) -> pa.Table:
    """Both grains of the same counts: areas by day, agencies by month (of a stock by day)."""
    sums: dict[tuple[str, str, str | None, dt.date], list[int]] = defaultdict(lambda: [0, 0])
    for indicator, unit, day, number, whole in counts:
        is_stock = indicators()[indicator].accumulates == "stock"
        month = day if is_stock else day.replace(day=1)
        area = area_of_unit(unit)
        for key in ((indicator, area, None, day), (indicator, area, unit, month)):
            sums[key][0] += number
            sums[key][1] += whole
    rows = [
        (i, indicators()[i].version, area, agency, on, n, d)
        for (i, area, agency, on), (n, d) in sums.items()
    ]
    return pa.Table.from_pylist(
        [dict(zip(MEASURE_SCHEMA.names, row, strict=True)) for row in rows], MEASURE_SCHEMA
    )


def reporting(through: str = "2026-11-22", silent: str = "") -> pa.Table:
    """Every area must report everything since July; `silent` never did."""
    streams = {stream for i in indicators().values() for stream in i.streams}
    rows = [
        {
            "area": area,
            "stream": stream,
            "starts_on": dt.date(2026, 7, 1),
            "complete_through": None if area == silent else dt.date.fromisoformat(through),
        }
        for area in AREAS
        for stream in sorted(streams)
    ]
    return pa.Table.from_pylist(rows, REPORTING_SCHEMA)


def observed(counts: list[Count], night: Night = NIGHT, silent: str = "") -> dict[str, Figures]:
    """Borders -> figures of areas by indicator, area and period."""
    found: dict[str, Figures] = {"34": {}, "63": {}}
    table = observe(measures(counts), reporting(silent=silent), night, "r")
    for row in table.to_pylist():
        if row["level"] != "agency":
            found[row["borders"]][row["indicator"], row["area"], row["period"]] = row
    return found


def amount(figure: Figure) -> tuple[int, int]:
    return figure["numerator"], figure["denominator"]


DAY = dt.date(2026, 10, 3)
SOME: list[Count] = [
    (FLOW, "H55.01", DAY, 1, 2),
    (FLOW, "H03.05", DAY, 3, 4),
    (FLOW, "H03.06", DAY.replace(month=9), 5, 8),
    (FLOW, "H37.01", DAY, 0, 1),
    (FLOW, "G03.01", DAY, 2, 2),
]


def test_a_merged_province_is_restated_and_its_parts_are_as_reported() -> None:
    found = observed(SOME)
    assert amount(found["34"][FLOW, "H55", "2026-Q4"]) == (4, 6)
    assert amount(found["63"][FLOW, "H55", "2026-Q4"]) == (1, 2)
    assert amount(found["63"][FLOW, "H03", "2026-Q4"]) == (3, 4)
    assert amount(found["63"][FLOW, "H03", "2026"]) == (8, 12)
    assert amount(found["63"][FLOW, "VN", "2026"]) == (11, 17)
    assert (FLOW, "H03", "2026") not in found["34"]


def test_as_reported_there_are_provinces_and_the_nation_by_month_and_longer() -> None:
    rows = observe(measures(SOME), reporting(), NIGHT, "r").to_pylist()
    told = [row for row in rows if row["borders"] == "63"]
    assert {row["level"] for row in told} == {"province", "nation"}
    assert {row["period_type"] for row in told} == {"month", "quarter", "year", "all"}


def test_a_province_that_ended_is_shown_only_where_something_was_reported_under_its_code() -> None:
    areas = {area for _, area, _ in observed(SOME)["63"]}
    assert areas == {"VN", "H03", *(a for a in AREAS if a.startswith("H"))}


def test_a_province_that_ended_is_covered_as_the_one_it_belongs_to() -> None:
    november: Count = (FLOW, "H37.01", DAY.replace(month=11), 1, 1)
    found = observed([*SOME, november], silent="H55")["63"]
    assert found[FLOW, "H03", "2026-10"]["coverage"] == 0
    assert found[FLOW, "H37", "2026-10"]["coverage"] == 1
    assert found[FLOW, "H03", "2026-11"]["status"] == "missing"
    assert found[FLOW, "VN", "2026-10"]["coverage"] == pytest.approx(4 / 5)


def test_of_a_stock_each_part_has_what_it_had_when_its_province_last_told() -> None:
    september, october = dt.date(2026, 9, 30), dt.date(2026, 10, 31)
    counts = [
        (STOCK, "H03.05", september, 4, 9),
        (STOCK, "H55.01", september, 1, 3),
        (STOCK, "H55.01", october, 2, 3),
    ]
    found = observed(counts)
    assert amount(found["34"][STOCK, "H55", "2026"]) == (2, 3)
    assert amount(found["63"][STOCK, "H03", "2026"]) == (0, 0)
    assert amount(found["63"][STOCK, "H03", "2026-Q3"]) == (4, 9)
    assert amount(found["63"][STOCK, "VN", "2026"]) == (2, 3)


MOVES = st.sampled_from([(0, 1), (1, 1), (2, 5), (4, 4)])
FIGURES = st.tuples(
    st.sampled_from([FLOW, STOCK]),
    st.sampled_from(UNITS),
    st.dates(dt.date(2026, 7, 1), NIGHT.on),
    MOVES,
).map(lambda drawn: [(*drawn[:3], *drawn[3])])
STAYS = st.tuples(
    st.sampled_from([BALANCE, OPENING, TURNOVER]),
    st.sampled_from(UNITS),
    st.lists(st.dates(dt.date(2026, 7, 1), NIGHT.on), min_size=1, max_size=2).map(sorted),
).map(
    lambda drawn: [
        (*drawn[:2], day, *sign) for day, sign in zip(drawn[2], ((1, 1), (-1, 0)), strict=False)
    ]
)
"""What comes and perhaps leaves again."""
COUNTS = st.lists(st.one_of(FIGURES, STAYS), min_size=1, max_size=14).map(
    lambda parts: [count for part in parts for count in part]
)


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_the_nation_is_the_same_on_both_borders_and_parts_add_up(counts: list[Count]) -> None:
    found = observed(counts)
    on_34, on_63 = found["34"], found["63"]
    nation = {k: f for k, f in on_34.items() if k[1] == "VN" and f["period_type"] != "day"}
    as_reported = {k: f for k, f in on_63.items() if k[1] == "VN"}
    assert as_reported.keys() == nation.keys()
    for key, figure in nation.items():
        assert {**as_reported[key], "borders": "34"} == figure
    parts: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for (indicator, area, period), figure in on_63.items():
        home = province_since_34().get(area, area)
        parts[indicator, home, period].append(figure)
    for key, figures in parts.items():
        whole = on_34[key]
        for name in ("numerator", "denominator"):
            assert sum(f[name] or 0 for f in figures) == (whole[name] or 0)
        assert {f["coverage"] for f in figures} == {whole["coverage"]}


LATER = "merge,2027-01-01,H14,H37,,Luật thử nghiệm"
AFTER = Night.parse("2027-02-10")


@pytest.fixture(scope="module")
def later_merge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Declarations by which Cao Bằng (H14) is part of Lạng Sơn (H37) from 2027 on."""
    folder = tmp_path_factory.mktemp("later")
    with (copy_of_lists(folder) / "area_changes.csv").open("a", encoding="utf-8") as file:
        file.write(f"{LATER}\n")
    return folder


@settings(max_examples=25, deadline=None)
@given(counts=COUNTS)
def test_a_later_merge_restates_all_history_and_leaves_the_nation(
    later_merge: Path, counts: list[Count]
) -> None:
    before = observed(counts, AFTER)
    with declarations(later_merge):
        after = observed(counts, AFTER)
    assert not [key for key in after["34"] if key[1] == "H14"]
    for key, figure in before["34"].items():
        if key[1] not in ("H14", "H37"):
            assert after["34"][key] == figure
    for indicator, area, period in before["34"]:
        if area in ("H14", "H37"):
            old = [before["34"].get((indicator, a, period), NONE) for a in ("H14", "H37")]
            new = after["34"][indicator, "H37", period]
            for name in ("numerator", "denominator"):
                assert sum(f[name] or 0 for f in old) == (new[name] or 0)
    assert after["63"] == before["63"]


NONE: Figure = {"numerator": 0, "denominator": 0}


def test_before_its_day_a_merge_changes_nothing(later_merge: Path) -> None:
    before = observed(SOME)
    with declarations(later_merge):
        assert observed(SOME) == before


def test_of_a_stock_what_the_successor_says_takes_the_place_of_the_old_area_s(
    later_merge: Path,
) -> None:
    old, new = dt.date(2026, 12, 31), dt.date(2027, 1, 31)
    counts = [
        (STOCK, "H14.02", old, 1, 3),
        (STOCK, "H37.01", old, 2, 4),
        (STOCK, "H37.01", new, 4, 8),
    ]
    with declarations(later_merge):
        found = observed(counts, AFTER)
    assert amount(found["34"][STOCK, "H37", "2026-12"]) == (3, 7)
    assert amount(found["34"][STOCK, "H37", "2027-01"]) == (4, 8)
    for borders in ("34", "63"):
        assert amount(found[borders][STOCK, "VN", "all"]) == (4, 8)
    assert amount(found["63"][STOCK, "H14", "2026"]) == (1, 3)


def test_agencies_keep_their_codes_and_are_covered_as_the_area_they_are_in_now(
    later_merge: Path,
) -> None:
    counts: list[Count] = [(FLOW, "H14.02", DAY, 1, 2), (FLOW, "H37.01", DAY, 1, 2)]
    with declarations(later_merge):
        table = observe(measures(counts), reporting(silent="H37"), AFTER, "r")
    agencies = {r["area"]: r["coverage"] for r in table.to_pylist() if r["level"] == "agency"}
    assert agencies == {"H14.02": 0, "H37.01": 0}
