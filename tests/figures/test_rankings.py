"""Ranks, ties, intervals and tiers, and who gets none."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.made import figure, table
from transforms.figures import RANKING_SCHEMA, rankings

MONTH = "2026-10"
PROVINCES = ("H26", "H29", "H17", "H01", "H38")


def ranked(*figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = rankings(table(*figures))
    assert found.schema.equals(RANKING_SCHEMA)
    return {row["area"]: row for row in found.to_pylist()}


def of_shares(counts: dict[str, tuple[int, int]], **facts: Any) -> dict[str, dict[str, Any]]:
    return ranked(*(figure(area, MONTH, *count, **facts) for area, count in counts.items()))


def test_two_that_share_a_rank_leave_the_next_one_out() -> None:
    found = of_shares({"H26": (90, 100), "H29": (80, 100), "H17": (160, 200), "H01": (70, 100)})
    assert {a: (row["rank"], row["tied_with"]) for a, row in found.items()} == {
        "H26": (1, 0), "H29": (2, 1), "H17": (2, 1), "H01": (4, 0),
    }  # fmt: skip


def test_shares_that_are_written_the_same_are_tied() -> None:
    """0.33333 and 0.33331 are both 33.33 %; 0.33335 is 33.34 %."""
    found = of_shares({"H26": (33335, 100_000), "H29": (1, 3), "H17": (33331, 100_000)} | MANY)
    assert [found[area]["rank"] for area in ("H26", "H29", "H17")] == [1, None, 2]
    assert found["H17"]["tied_with"] == 1


MANY = {"H01": (333_333, 1_000_000)}


def test_where_less_is_better_the_least_is_first() -> None:
    found = of_shares({"H26": (5, 100), "H29": (9, 100)}, indicator="petition_disliked_share")
    assert [found[area]["rank"] for area in ("H26", "H29")] == [1, 2]


def test_ministries_are_ranked_apart() -> None:
    found = of_shares({"H26": (50, 100), "G03": (40, 100), "G06": (30, 100)})
    assert {a: (row["kind"], row["rank"]) for a, row in found.items()} == {
        "H26": ("province", 1), "G03": ("ministry", 1), "G06": ("ministry", 2),
    }  # fmt: skip


def test_the_interval_is_wilsons() -> None:
    """Wilson 1927; the bounds of 81 of 263 are those of Newcombe, Statistics in Medicine 1998."""
    row = of_shares({"H26": (81, 263)})["H26"]
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.2553, 0.3662)
    edges = of_shares({"H26": (0, 30), "H29": (30, 30)})
    assert edges["H26"]["low"] == pytest.approx(0, abs=1e-12)
    assert edges["H29"]["high"] == pytest.approx(1, abs=1e-12)


def test_a_tier_needs_the_whole_interval_beyond_the_nation() -> None:
    counts = {"VN": (500, 1000), "H26": (60, 100), "H29": (59, 100), "H17": (30, 100)}
    found = of_shares(counts)
    assert {area: row["tier"] for area, row in found.items()} == {
        "H26": "better", "H29": "similar", "H17": "worse",
    }  # fmt: skip
    less = of_shares(counts, indicator="petition_disliked_share")
    assert less["H26"]["tier"] == "worse"


def test_against_a_withheld_nation_there_is_no_tier() -> None:
    nation = figure("VN", MONTH, None, None, status="withheld", reason="low_coverage")
    found = ranked(nation, figure("H26", MONTH, 60, 100))
    assert (found["H26"]["rank"], found["H26"]["tier"]) == (1, "")


def test_scores_have_ranks_and_no_interval() -> None:
    facts = {"indicator": "sipas_score", "period_type": "year"}
    figures = [figure(a, "2025", n, 100, **facts) for a, n in (("H26", 8479), ("H29", 9061))]
    found = ranked(*figures)
    assert [found[area]["rank"] for area in ("H29", "H26")] == [1, 2]
    assert {row[name] for row in found.values() for name in ("low", "high")} == {None}


UNRANKED: list[tuple[dict[str, Any], str]] = [
    (figure("H26", MONTH, 20, 29), "small_sample"),
    (figure("H26", MONTH, 60, 100, coverage=0.0), "low_coverage"),
    (figure("H26", MONTH, None, None), "not_reported"),
    (figure("H26", MONTH, 0, 0), "no_cases"),
    (figure("H26", MONTH, None, None, status="withheld", reason="small_sample"), "small_sample"),
]


@pytest.mark.parametrize(("unfit", "reason"), UNRANKED)
def test_who_is_not_ranked_is_listed_with_the_reason(unfit: dict[str, Any], reason: str) -> None:
    found = ranked(unfit, figure("H29", MONTH, 1, 100))
    assert (found["H26"]["rank"], found["H26"]["tier"]) == (None, "")
    assert found["H26"]["reason"] == reason
    assert found["H29"]["rank"] == 1


def test_nothing_else_is_ranked() -> None:
    nothing = [
        figure("H26", "2026-10-05", 60, 100),
        figure("H26", "all", 60, 100),
        figure("H26.01", MONTH, 60, 100),
        figure("X-WABO", MONTH, 60, 100),
        figure("H26", MONTH, 60, 100, indicator="pending_count"),
    ]
    assert ranked(*nothing) == {}


COUNTS = st.integers(30, 60).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@settings(max_examples=15)
@given(st.lists(COUNTS, min_size=1, max_size=len(PROVINCES)), st.randoms())
def test_a_rank_is_one_more_than_those_that_are_better(
    counts: list[tuple[int, int]], chance: Any
) -> None:
    figures = [figure(area, MONTH, *count) for area, count in zip(PROVINCES, counts, strict=False)]
    found = rankings(table(*figures))
    written = {row["area"]: row["numerator"] * 10_000 / row["denominator"] for row in figures}
    rounded = {area: int(value + 0.5) for area, value in written.items()}
    for row in found.to_pylist():
        own = rounded[row["area"]]
        assert row["rank"] == 1 + sum(other > own for other in rounded.values())
        assert row["tied_with"] == sum(other == own for other in rounded.values()) - 1
        assert row["low"] <= row["value"] + 1e-12
        assert row["value"] <= row["high"] + 1e-12
    mixed = pa.Table.from_pylist(chance.sample(figures, len(figures)), table().schema)
    assert rankings(mixed).equals(found)
