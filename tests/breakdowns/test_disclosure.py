"""No item that is withheld can be worked out by somebody who can add and subtract."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.breakdowns.attack import worked_out
from tests.breakdowns.made import Counts, nation, parts, shown
from transforms.breakdowns import withhold
from transforms.figures.secondary import FEW

ITEMS = ("in_person", "online", "postal", "email")
MONTHS = ("2025-12", "2026-01", "2026-02", "2026-03", "2026-07", "2026-10")
CASES = st.one_of(st.integers(1, 4), st.sampled_from([9, 10, 11]), st.integers(8, 60))
COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(ITEMS), st.sampled_from(MONTHS)), CASES, min_size=1, max_size=24
)
ONE_ITEM: Counts = {("online", "2026-01"): 5, ("online", "2026-02"): 50}
ONES: Counts = {("online", "2026-01"): 1, ("postal", "2026-01"): 1, ("online", "2026-02"): 40}
AS_MANY_AS_CAN_BE: Counts = {(item, "2026-01"): 9 for item in ITEMS} | {("email", "2026-01"): 90}
ALONE_AS_GUARD: Counts = {
    **{("online", "2026-01"): 5, ("postal", "2026-01"): 90, ("online", "2026-02"): 30},
    **{("online", "2026-03"): 40, ("postal", "2026-03"): 90},
}
"""February is all of one item, so hiding that would hide nothing."""
AS_FEW_AS_CAN_BE: Counts = {("online", "2026-01"): 1, ("postal", "2026-01"): 10}


@settings(max_examples=40, deadline=None)
@given(COUNTS)
@example(ONE_ITEM)
@example(ONES)
@example(ALONE_AS_GUARD)
@example(AS_MANY_AS_CAN_BE)
@example(AS_FEW_AS_CAN_BE)
@example({**AS_FEW_AS_CAN_BE, ("email", "2026-01"): 50})
def test_no_withheld_item_can_be_worked_out(counts: Counts) -> None:
    measured = parts(counts)
    totals = {row["period"]: row["denominator"] for row in nation(measured).to_pylist()}
    published = withhold(measured, nation(measured))
    numbers = {(row["item"], row["period"]): row["denominator"] for row in measured.to_pylist()}
    told = shown(published)
    hidden = {cell for cell in numbers if isinstance(told.get(cell, ""), str)}
    assert {cell for cell, cases in numbers.items() if cases < FEW} <= hidden
    assert {cell: told[cell] for cell in numbers.keys() - hidden} == {
        cell: numbers[cell] for cell in numbers.keys() - hidden
    }
    is_all_one = [item for item in ITEMS if numbers.get((item, "all")) == totals["all"]]
    secrets = {(item, period) for item, period in hidden if item not in is_all_one}
    assert not secrets & worked_out(published, totals, ITEMS).keys()


def test_without_hiding_more_the_attack_succeeds() -> None:
    measured = parts({("online", "2026-01"): 50, ("postal", "2026-01"): 5})
    rows = measured.to_pylist()
    for row in rows:
        if row["denominator"] < FEW:
            row |= {"denominator": None, "status": "withheld", "reason": "small_cell"}
    naive = pa.Table.from_pylist(rows, measured.schema)
    assert worked_out(naive, {"2026-01": 55}, ITEMS)["postal", "2026-01"] == 5


def test_the_smallest_other_item_is_hidden_and_no_more() -> None:
    counts = {("online", "2026-01"): 50, ("postal", "2026-01"): 5, ("email", "2026-01"): 30}
    measured = parts({**counts, ("in_person", "2026-01"): 120})
    told = shown(withhold(measured, nation(measured)))
    assert {item: what for (item, period), what in told.items() if period == "2026-01"} == {
        "postal": "small_cell",
        "email": "secondary_cell",
        "online": 50,
        "in_person": 120,
    }


def test_a_month_is_guarded_against_its_quarter() -> None:
    counts = {("postal", "2026-01"): 4, ("postal", "2026-02"): 20, ("postal", "2026-03"): 15}
    others = {(item, m): 900 for item in ("online", "in_person") for m in MONTHS}
    measured = parts({**counts, **others})
    told = shown(withhold(measured, nation(measured)))
    assert told["postal", "2026-01"] == "small_cell"
    assert "secondary_cell" in (told["postal", "2026-02"], told["postal", "2026-03"])
    assert told["postal", "2026-Q1"] == 39


def test_where_every_item_is_hidden_and_yet_known_the_period_is_not_listed() -> None:
    measured = parts({**ONES, ("postal", "2026-02"): 60})
    told = shown(withhold(measured, nation(measured)))
    assert not [cell for cell in told if cell[1] == "2026-01"]
    assert ("online", "all") in told


@pytest.mark.parametrize("reason", ["low_coverage", "small_sample"])
def test_what_is_withheld_of_the_nation_is_withheld_of_every_item(reason: str) -> None:
    measured = parts({("online", "2026-01"): 50, ("postal", "2026-01"): 5})
    whole = nation(measured, status="withheld", reason=reason)
    told = withhold(measured, whole).to_pylist()
    assert Counter((row["status"], row["reason"]) for row in told) == {("withheld", reason): 8}
    assert {row["denominator"] for row in told} == {None}


def test_an_item_is_as_final_as_the_nation() -> None:
    measured = parts({("online", "2026-01"): 50})
    [status] = {
        r["status"] for r in withhold(measured, nation(measured, status="final")).to_pylist()
    }
    assert status == "final"


def test_the_order_of_the_rows_decides_nothing() -> None:
    measured = parts(
        {("online", "2026-01"): 50, ("postal", "2026-01"): 5, ("email", "2026-01"): 50}
    )
    backwards = measured.take(list(range(measured.num_rows))[::-1])
    assert withhold(backwards, nation(measured)).equals(withhold(measured, nation(measured)))
