"""Whether areas add up to the nation, and the nation as a simple mean."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from tests.figures.made import NIGHT, Case, figure, measured, table
from tests.figures.test_small_cells import CASES
from transforms.figures import GAP_SCHEMA, MEAN_SCHEMA, additivity, means, withhold

MONTH = "2026-10"
HIDDEN = {"status": "withheld", "reason": "low_coverage"}


def gap(*figures: dict[str, Any]) -> dict[str, Any]:
    found = additivity(table(*figures))
    assert found.schema.equals(GAP_SCHEMA)
    [row] = found.to_pylist()
    return dict(row)


def test_a_gap_of_zero_is_stated_as_zero() -> None:
    row = gap(
        *(figure("VN", MONTH, 5, 10), figure("H26", MONTH, 2, 4), figure("G03", MONTH, 3, 6)),
        *(figure("X-WABO", MONTH, 9, 9), figure("H26.01", MONTH, 2, 4)),
    )
    assert (row["areas_numerator"], row["areas_denominator"], row["areas"]) == (5, 10, 2)
    assert (row["gap_numerator"], row["gap_denominator"]) == (0, 0)


def test_a_gap_comes_with_who_is_withheld_and_missing() -> None:
    row = gap(
        *(figure("VN", MONTH, 5, 10), figure("H26", MONTH, 2, 4)),
        *(figure("H29", MONTH, None, None, **HIDDEN), figure("G03", MONTH, None, None)),
    )
    assert (row["gap_numerator"], row["gap_denominator"]) == (3, 6)
    assert (row["areas"], row["withheld"], row["missing"]) == (1, 1, 1)


def test_without_the_nations_figure_there_is_no_gap() -> None:
    row = gap(figure("VN", MONTH, None, None, **HIDDEN), figure("H26", MONTH, 2, 4))
    assert (row["gap_numerator"], row["gap_denominator"]) == (None, None)
    assert row["areas_denominator"] == 4


def test_on_old_borders_ministries_count_too() -> None:
    old = {"borders": "63"}
    figures = [
        *(figure("VN", MONTH, 5, 10), figure("VN", MONTH, 5, 10, **old)),
        *(figure("H29", MONTH, 2, 7), figure("G03", MONTH, 3, 3)),
        *(figure("H29", MONTH, 1, 4, **old), figure("H09", MONTH, 1, 3, **old)),
    ]
    rows = additivity(table(*figures)).to_pylist()
    assert {row["borders"]: row["gap_denominator"] for row in rows} == {"34": 0, "63": 0}
    assert {row["borders"]: row["areas"] for row in rows} == {"34": 2, "63": 3}


@settings(max_examples=8)
@given(CASES)
def test_measured_figures_have_no_gap_and_published_ones_only_where_some_are_withheld(
    cases: list[Case],
) -> None:
    counted = measured(cases)
    assert {row["gap_denominator"] for row in additivity(counted).to_pylist()} == {0}
    for row in additivity(withhold(counted, NIGHT)).to_pylist():
        assert row["gap_denominator"] in (0, None) or row["withheld"] > 1


def test_the_simple_mean_gives_every_province_the_same_weight() -> None:
    figures = [
        *(figure("VN", MONTH, 105, 1010), figure("H26", MONTH, 100, 1000)),
        *(figure("H29", MONTH, 5, 10), figure("H17", MONTH, None, None)),
        figure("G03", MONTH, 10, 10),
    ]
    found = means(table(*figures))
    assert found.schema.equals(MEAN_SCHEMA)
    [row] = found.to_pylist()
    assert (row["mean_of_provinces"], row["provinces"]) == (0.3, 2)
    assert row["value"] == 105 / 1010


def test_where_no_province_has_a_value_there_is_no_mean() -> None:
    [row] = means(table(figure("VN", MONTH, 1, 2))).to_pylist()
    assert (row["mean_of_provinces"], row["provinces"]) == (None, 0)


def test_counts_have_no_mean() -> None:
    assert means(table(figure("VN", MONTH, 1, 2, indicator="pending_count"))).num_rows == 0
