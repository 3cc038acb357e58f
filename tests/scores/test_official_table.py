"""The national portal's table of 5 October 2026 (year 2026, 34 provinces) gives itself again."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tests.scores.conftest import BOTH, PORTAL, TEXT, metric, unit, whole
from transforms.scores import Department, Rules, ranks, score, together, unweighted

FILE = Path(__file__).with_name("official_2026-10-05.csv")
with FILE.open(encoding="utf-8", newline="") as opened:
    ROWS = list(csv.DictReader(opened))
MEAN = Decimal("61.86")


def province(row: dict[str, str]) -> Department:
    """A province with the group scores of its row."""
    columns = (name.partition("_max") for name in row if "_max" in name)
    scores = {group: Decimal(row[f"{group}_max{most}"]) for group, _, most in columns}
    return Department(row["h_code"], row["department_name"], stated=scores)


SCORED = [score(province(row), PORTAL) for row in ROWS]


def test_the_table_has_all_34_provinces() -> None:
    assert len({row["h_code"] for row in ROWS}) == 34


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["h_code"])
@pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)
def test_a_total_is_the_sum_of_its_groups_and_average(rules: Rules, row: dict[str, str]) -> None:
    scored = score(province(row), rules)
    assert scored.total == Decimal(row["total"])
    assert scored.band
    assert (scored.is_partial, scored.band.name_vi) == (False, "Trung bình")


def test_equal_totals_share_a_rank_and_the_next_is_left_out() -> None:
    assert ranks(SCORED) == {row["h_code"]: int(row["rank"]) for row in ROWS}
    assert [rank for rank in ranks(SCORED).values() if rank in (4, 5, 6, 7)] == [4, 5, 5, 7]


def test_the_nation_is_the_sum_of_the_rounded_group_means() -> None:
    nation = unweighted(SCORED, PORTAL)
    assert nation
    assert (nation.total, nation.units) == (MEAN, 34)
    totals = sum(Decimal(row["total"]) for row in ROWS) / 34
    assert PORTAL.rounding(totals) == Decimal("61.85") != MEAN


def test_a_province_without_one_group_stops_ranks_and_mean() -> None:
    stated = dict(SCORED[0].department.stated)
    del stated["TTTT"]
    partial = score(Department("H20", stated=stated), PORTAL)
    assert partial.is_partial
    assert ranks([partial, *SCORED[1:]]) == {}
    assert unweighted([partial, *SCORED[1:]], PORTAL) is None


def test_a_unit_is_not_ranked_beside_its_own_part() -> None:
    beside = [score(whole(PORTAL, 5000, code), PORTAL) for code in ("H20", "H21", "H20.01")]
    assert ranks(beside) == {}
    assert ranks(beside[:2]) == {"H20": 1, "H21": 1}
    assert ranks(beside[:1]) == {}


def test_the_weighted_nation_counts_cases_and_not_provinces() -> None:
    large = whole(TEXT, 5000, "H26", ON_TIME=(9_000, 10_000))
    small = whole(TEXT, 5000, "H20", ON_TIME=(0, 100))
    nation = score(together([large, small], TEXT, "VN", "Cả nước"), TEXT)
    assert {g.code: g.score for g in nation.groups}["TDGQ"] == Decimal("17.82")
    mean = unweighted([score(large, TEXT), score(small, TEXT)], TEXT)
    assert mean
    assert mean.groups["TDGQ"] == Decimal("9.00")


def test_a_metric_that_one_unit_lacks_is_missing_in_all_as_one() -> None:
    all_units = [unit(metric("ON_TIME", 1), metric("1.4", 1)), unit(metric("2.1", 1), code="H21")]
    assert [m.code for m in together(all_units, TEXT, "VN", "").metrics] == ["ON_TIME"]
