"""Which measured figures are published, and why not the others."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.outcomes import OBSERVATION_SCHEMA
from tests.figures.made import NIGHT, Case, figure, measured, reasons, table
from tests.figures.test_small_cells import CASES
from transforms.figures import withhold

RATED = "satisfaction_rating_share"


def why(*figures: dict[str, Any]) -> dict[tuple[str, str], str]:
    return reasons(withhold(table(*figures), NIGHT))


def test_the_nation_is_withheld_below_the_floor() -> None:
    assert why(figure("VN", "2026-10", 1, 2, coverage=0.79)) == {("VN", "2026-10"): "low_coverage"}
    assert why(figure("VN", "2026-11", 0, 0, coverage=0.5)) == {("VN", "2026-11"): "low_coverage"}
    assert why(figure("VN", "2026-10", 1, 2, coverage=0.8)) == {}
    assert why(figure("VN", "2020-10", 1, 2, coverage=None)) == {}


@pytest.mark.parametrize("period", ["2026-10", "2026-Q3", "2025", "2026-11-22", "2026-11-01"])
@pytest.mark.parametrize("area", ["H26", "G03", "H26.01"])
def test_an_uncovered_figure_is_withheld_once_its_period_has_ended(area: str, period: str) -> None:
    assert why(figure(area, period, 60, 90, coverage=0.0)) == {(area, period): "low_coverage"}


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026", "all"])
def test_a_period_under_way_stays_provisional(period: str) -> None:
    assert why(figure("H26", period, 60, 90, coverage=0.0)) == {}


def test_what_nobody_reported_stays_missing() -> None:
    [row] = withhold(table(figure("H26", "2026-10", None, None)), NIGHT).to_pylist()
    assert (row["status"], row["reason"]) == ("missing", "not_reported")


def test_few_answers_are_no_figure() -> None:
    assert why(figure("H26", "2026-10", 90, 99, indicator=RATED)) == {
        ("H26", "2026-10"): "small_sample"
    }
    assert why(figure("H26", "2026-10", 90, 100, indicator=RATED)) == {}
    assert why(figure("H26", "2026-10", 0, 0, indicator=RATED)) == {}


def test_a_withheld_figure_keeps_its_coverage_and_no_number() -> None:
    [row] = withhold(table(figure("VN", "2026-10", 1, 2, coverage=0.25)), NIGHT).to_pylist()
    assert row["coverage"] == 0.25
    assert row["status"] == "withheld"
    assert [row[name] for name in ("numerator", "denominator", "value")] == [None] * 3


def differences(before: pa.Table, after: pa.Table) -> list[dict[str, Any]]:
    """The rows of `after` that are not in `before`; both have the same figures."""
    assert after.schema.equals(OBSERVATION_SCHEMA)
    key = ("indicator", "borders", "area", "period")
    old = {tuple(row[name] for name in key): row for row in before.to_pylist()}
    new = {tuple(row[name] for name in key): row for row in after.to_pylist()}
    assert old.keys() == new.keys()
    assert after.num_rows == len(new)
    return [row for name, row in new.items() if row != old[name]]


@settings(max_examples=8)
@given(CASES, st.randoms())
def test_a_release_differs_from_what_was_measured_by_withheld_rows_only(
    cases: list[Case], chance: Any
) -> None:
    counted = measured(cases, frozenset({"H26"}))
    published = withhold(counted, NIGHT)
    for row in differences(counted, published):
        assert row["status"] == "withheld"
        assert row["reason"] in codelists.codes("no_value")
        assert [row[name] for name in ("numerator", "denominator", "value")] == [None] * 3
    mixed = counted.take(chance.sample(range(counted.num_rows), counted.num_rows))
    assert withhold(mixed, NIGHT).equals(published)
    assert withhold(published, NIGHT).equals(published)
