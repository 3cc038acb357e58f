"""Reported figures: a lawful feed, late and missing areas, and what the truth makes of them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas_of
from catalog.returns import is_period_of
from catalog.sources import Source
from simulator.kinds import Case
from simulator.kinds.figures import figure
from simulator.kinds.periods import Period
from simulator.kinds.registers import Version
from simulator.kinds.reported_figure import Stated, counted, row
from simulator.official_scores import TOTAL, official_scores
from tests.simulator.laws import (
    DAYS,
    ENDS,
    OPENS,
    Rows,
    assert_feed_is_lawful,
    assert_windows_end_where_one_window_ends,
    declared,
    held,
    small,
    told,
)

OCTOBER = Period("2026-10", dt.date(2026, 10, 1), dt.date(2026, 10, 31))
QUARTER = Period("2026-Q3", dt.date(2026, 7, 1), dt.date(2026, 9, 30))
YEAR = Period("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31))


def returns(frequency: str, *figures: str, about: str = "provinces", **words: Any) -> Source:
    stated = {"figures": list(figures), "frequency": frequency}
    return declared("reported_figure", about, **{**stated, **words})


MONTHLY = returns("monthly", "portal_account", "household_user", "electronic_document", "apology")
QUARTERLY = returns("quarterly", "regulations_cut", "reduction_plans_approved", about="ministries")
MERGED = returns("quarterly", "merged_portal")
YEARLY = returns("yearly", "sipas", "par_index", "papi")
EVERY = (MONTHLY, QUARTERLY, MERGED, YEARLY)


def sent(source: Source) -> Rows:
    return held(small(), source, [OPENS, ENDS])


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.figures[0])
def test_the_feed_is_lawful(source: Source) -> None:
    assert_feed_is_lawful(source, "")


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.figures[0])
@settings(max_examples=5, deadline=None)
@given(offsets=st.lists(st.integers(1, DAYS * 86400 - 1), max_size=5, unique=True))
def test_windows_in_a_row_end_where_one_window_ends(source: Source, offsets: list[int]) -> None:
    assert_windows_end_where_one_window_ends(source, offsets)


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.figures[0])
def test_a_row_is_for_a_figure_an_area_and_a_past_period_of_the_source(source: Source) -> None:
    rows = sent(source).values()
    assert {row["MaSoLieu"] for row in rows} == set(source.figures)
    assert {row["MaDonVi"] for row in rows} == set(areas_of(source))
    assert all(is_period_of(source, row["Ky"]) for row in rows)
    assert len({(row["MaSoLieu"], row["MaDonVi"], row["Ky"]) for row in rows}) == len(rows)


def test_periods_run_from_the_start_of_the_source_to_the_last_one_reported() -> None:
    assert min(row["Ky"] for row in sent(MONTHLY).values()) == "2025-07"
    assert max(row["Ky"] for row in sent(MONTHLY).values()) == "2026-09"
    assert {row["Ky"] for row in sent(YEARLY).values()} == {"2024", "2025"}
    assert min(row["Ky"] for row in sent(QUARTERLY).values()) == "2025-Q3"


def test_what_is_older_than_the_nation_comes_on_its_first_morning() -> None:
    rows = sent(MONTHLY).values()
    assert {r["NgayCapNhat"][:8] for r in rows if r["Ky"] <= "2026-06"} == {"20260901"}
    assert {r["NgayCapNhat"][:8] > "20260930" for r in rows if r["Ky"] == "2026-09"} == {True}


def test_some_areas_come_late_and_some_not_at_all() -> None:
    of_period = {code: row for code, row in sent(MONTHLY).items() if row["Ky"] == "2026-09"}
    days = Counter(row["NgayCapNhat"][:8] for row in of_period.values())
    first = dt.datetime.strptime(min(days), "%Y%m%d")
    early = held(small(), MONTHLY, [OPENS, first, first + dt.timedelta(days=1)])
    assert len(days) >= 2
    assert days[min(days)] <= sum(row["Ky"] == "2026-09" for row in early.values()) < len(of_period)
    reporting = Counter(row["Ky"] for row in sent(MONTHLY).values())
    assert 0 < min(reporting.values()) < 34 * len(MONTHLY.figures)


def test_some_figures_are_restated_with_another_number() -> None:
    days = [OPENS + dt.timedelta(days=number) for number in range(DAYS + 1)]
    by_day = [held(small(), MONTHLY, window) for window in pairwise(days)]
    sent_on = Counter(code for rows in by_day for code in rows)
    amounts = {(code, row["TuSo"]) for rows in by_day for code, row in rows.items()}
    again = sum(number - 1 for number in sent_on.values())
    assert 0 < again < len(sent_on) / 10
    assert len(amounts) > len(sent_on)


def test_numbers_shares_and_scores_are_written_each_in_their_way() -> None:
    for source in EVERY:
        for line in sent(source).values():
            kind = next(
                r["kind"] for r in codelists.rows("figure") if r["code"] == line["MaSoLieu"]
            )
            if kind == "score":
                assert re.fullmatch(r"\d{2},\d{2}", line["TuSo"])
                assert line["MauSo"] == ""
            elif line["MauSo"]:
                assert 0 <= int(line["TuSo"]) <= int(line["MauSo"])
            else:
                assert int(line["TuSo"]) >= 0
    assert {row["TuSo"] for row in sent(MERGED).values()} == {"0", "1"}


def test_a_score_below_ten_hundredths_keeps_its_zero() -> None:
    stated = Stated("sipas", "H26", YEAR)
    assert row(stated, Version(OPENS, (8405, 100)))["TuSo"] == "84,05"


@pytest.mark.parametrize("code", sorted(codelists.codes("figure")))
def test_any_figure_of_the_code_list_can_be_in_a_return(code: str) -> None:
    rows = sent(returns("monthly", code, about="H26")).values()
    assert rows
    assert {row["MaSoLieu"] for row in rows} == {code}


def told_of(code: str, period: Period, *amount: int) -> Case:
    [case] = counted([(Stated(code, "H26", period), (amount[0], amount[1]))])
    return case


def test_flows_belong_to_the_first_day_and_stocks_to_the_last() -> None:
    first, last = dt.datetime(2026, 10, 1), dt.datetime(2026, 10, 31)
    documents = Case("electronic_document_share", "H26", first, 7, 9)
    accounts = Case("portal_account_count", "H26", last, 500, 1, is_stock=True)
    assert told_of("electronic_document", OCTOBER, 7, 9) == documents
    assert told_of("portal_account", OCTOBER, 500, 1) == accounts


def test_quarters_and_years_are_told_no_finer() -> None:
    cut = told_of("regulations_cut", QUARTER, 12, 1)
    merged = told_of("merged_portal", QUARTER, 1, 1)
    sipas = told_of("sipas", YEAR, 8479, 100)
    assert (cut.indicator, cut.is_stock, cut.grain) == ("regulations_cut_count", False, "quarter")
    assert (merged.is_stock, merged.grain, merged.at.month) == (True, "quarter", 9)
    assert (sipas.numerator, sipas.denominator, sipas.grain) == (8479, 100, "year")


def test_the_rows_of_the_feed_tell_the_truth() -> None:
    rows, counts = sent(MONTHLY), told(MONTHLY, ENDS.date() - dt.timedelta(days=1))
    for line in rows.values():
        written = (int(line["TuSo"]), int(line["MauSo"] or 1))
        indicator = figure(line["MaSoLieu"]).indicator
        assert counts[indicator, line["MaDonVi"], line["Ky"]] == written
    monthly = [key for key in counts if key[1] != "VN" and re.fullmatch(r"\d{4}-\d\d", key[2])]
    assert len(monthly) == len(rows)


def test_the_portal_s_own_score_is_that_of_the_year_of_the_night() -> None:
    portal = returns("nightly", "score_766", "score_766_ckmb")
    night = dt.date(2026, 10, 20)
    counts, scores = told(portal, night), official_scores(small().seed, 2026)
    assert counts["score_766_portal", "H26", "2026"] == (scores["H26"][TOTAL], 100)
    assert {code for code, _, _ in counts} == {"score_766_portal", "score_766_ckmb_portal"}
    assert len(counts) == 2 * 2 * (34 + 1)
    assert sent(portal) == {}
