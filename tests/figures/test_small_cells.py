"""Small cells stay unknown to somebody who can add and subtract."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.figures.attack import GUARDED, Key, worked_out
from tests.figures.made import NIGHT, Case, by_key, figure, measured, reasons, table
from transforms.figures import withhold
from transforms.figures.secondary import FEW

AGENCIES = ("H26.01", "H26.02", "H26.03", "H29.01", "H29.02", "H09.01", "G03.01", "X-WABO.01")
"""H09 has been part of H29 since 2025-07-01."""
CASES = st.lists(
    st.tuples(
        st.sampled_from(AGENCIES),
        st.dates(NIGHT.on.replace(month=8, day=1), NIGHT.on).map(str),
        st.just(0),
        st.one_of(st.integers(1, 4), st.integers(8, 40)),
    ),
    min_size=1,
    max_size=40,
)
ALONE: list[Case] = [("G03.01", "2026-10-05", 0, 5), ("H26.01", "2026-10-05", 0, 50)]
ONES: list[Case] = [(f"H26.0{n}", "2026-10-05", 0, 1) for n in (1, 2)]
ONES += [("H29.01", "2026-10-05", 0, 50)]


@settings(max_examples=30)
@given(CASES, st.sets(st.sampled_from(["H26", "H29"])))
@example(ALONE, set())
@example(ONES, set())
def test_no_withheld_cell_can_be_worked_out(cases: list[Case], silent: set[str]) -> None:
    counted = measured(cases, frozenset(silent))
    published = withhold(counted, NIGHT)
    why = withheld(published)
    small = {key for key, row in by_key(counted).items() if is_small(row)}
    assert small == {key[1:] for key, reason in why.items() if reason == "small_cell"}
    guarded = {key for key, reason in why.items() if reason in GUARDED}
    assert not guarded & worked_out(published).keys()


def withheld(published: pa.Table) -> dict[Key, str]:
    rows = [row for row in published.to_pylist() if row["status"] == "withheld"]
    return {(row["borders"], row["area"], row["period"]): row["reason"] for row in rows}


def is_small(row: dict[str, Any]) -> bool:
    return bool(row["level"] == "agency" and 0 < row["denominator"] < FEW)


def only_small(observations: pa.Table) -> pa.Table:
    """As it would be without hiding anything more."""
    rows = observations.to_pylist()
    for row in rows:
        if is_small(row):
            row |= {"numerator": None, "denominator": None, "value": None, "status": "withheld"}
    return pa.Table.from_pylist(rows, observations.schema)


def test_without_hiding_more_the_attack_succeeds() -> None:
    cases = [("H26.01", "2026-10-05", 0, 5), ("H26.02", "2026-10-05", 0, 50)]
    assert worked_out(only_small(measured(cases)))["34", "H26.01", "2026-10"] == 5
    assert worked_out(only_small(measured(ALONE)))["34", "G03.01", "2026-10"] == 5


def test_the_smallest_sibling_is_hidden_and_no_more() -> None:
    figures = [figure("H26", "2026-10", 0, 195)]
    for agency, count in {"H26.01": 5, "H26.02": 40, "H26.03": 30, "H26.04": 120}.items():
        figures.append(figure(agency, "2026-10", 0, count))
    assert reasons(withhold(table(*figures), NIGHT)) == {
        ("H26.01", "2026-10"): "small_cell",
        ("H26.03", "2026-10"): "secondary_cell",
    }


def test_cells_that_are_small_together_are_joined_by_another() -> None:
    """Of two cells that hold two cases each must hold one."""
    figures = [figure("H26", "2026-10", 0, 72)]
    for agency, count in {"H26.01": 1, "H26.02": 1, "H26.03": 30, "H26.04": 40}.items():
        figures.append(figure(agency, "2026-10", 0, count))
    assert ("H26.03", "2026-10") in reasons(withhold(table(*figures), NIGHT))


def test_the_only_agency_of_an_area_hides_the_area_and_another_area() -> None:
    figures = [
        figure("VN", "2026-10", 0, 85),
        *(figure("G03", "2026-10", 0, 5), figure("G03.01", "2026-10", 0, 5)),
        *(figure("H26", "2026-10", 0, 50), figure("H29", "2026-10", 0, 30)),
    ]
    assert reasons(withhold(table(*figures), NIGHT)) == {
        ("G03.01", "2026-10"): "small_cell",
        ("G03", "2026-10"): "secondary_cell",
        ("H29", "2026-10"): "secondary_cell",
    }


def test_a_month_is_guarded_against_its_quarter() -> None:
    months = {"2026-07": 4, "2026-08": 20, "2026-09": 15}
    figures = [figure("H26.01", month, 0, count) for month, count in months.items()]
    figures.append(figure("H26.01", "2026-Q3", 0, 39))
    assert reasons(withhold(table(*figures), NIGHT)) == {
        ("H26.01", "2026-07"): "small_cell",
        ("H26.01", "2026-09"): "secondary_cell",
    }


def test_of_a_state_the_last_month_of_a_quarter_is_the_quarter() -> None:
    """Hiding a month of one agency hides that month of another, whose quarter says the same."""
    state = {"indicator": "form06_11_pending_total"}
    figures = [
        *(figure("H26", "2026-09", 0, 45, **state), figure("H26", "2026-Q3", 0, 45, **state)),
        *(figure("H26.01", "2026-09", 0, 5, **state), figure("H26.01", "2026-Q3", 0, 5, **state)),
        *(figure("H26.02", "2026-08", 0, 35, **state), figure("H26.02", "2026-09", 0, 40, **state)),
        figure("H26.02", "2026-Q3", 0, 40, **state),
    ]
    assert reasons(withhold(table(*figures), NIGHT)) == {
        ("H26.01", "2026-09"): "small_cell",
        ("H26.01", "2026-Q3"): "small_cell",
        ("H26.02", "2026-09"): "secondary_cell",
        ("H26.02", "2026-Q3"): "secondary_cell",
    }


def test_what_is_hidden_of_a_province_is_hidden_on_its_old_borders_too() -> None:
    """H26 did not change in 2025: the figure as reported would tell the restated one."""
    figures = [
        *(figure("VN", "2026-10", 0, 35), figure("G03", "2026-10", 0, 5)),
        *(figure("G03.01", "2026-10", 0, 5), figure("H26", "2026-10", 0, 30)),
        *(
            figure("H26", "2026-10", 0, 30, borders="63"),
            figure("VN", "2026-10", 0, 35, borders="63"),
        ),
    ]
    rows = withhold(table(*figures), NIGHT).to_pylist()
    why = {(row["borders"], row["area"]): row["reason"] for row in rows}
    assert why["34", "H26"] == why["63", "H26"] == "secondary_cell"
    assert why["34", "VN"] == why["63", "VN"] == ""


def test_figures_about_no_people_are_never_small_cells() -> None:
    figures = [figure("H26.01", "2026-10", 1, 2, indicator="iso_desk_share")]
    assert reasons(withhold(table(*figures), NIGHT)) == {}


def test_an_area_is_spared_where_hiding_longer_periods_of_an_agency_does() -> None:
    """H26.01 is alone in August: hiding that month of it would cost the area's."""
    counts = {
        "H26.01": {"2026-07": 60, "2026-08": 50, "2026-Q3": 110, "2026": 110, "all": 110},
        "H26.02": {"2026-07": 2, "2026-Q3": 2, "2026": 2, "all": 2},
        "H26": {"2026-07": 62, "2026-08": 50, "2026-Q3": 112, "2026": 112, "all": 112},
    }
    figures = [figure(area, p, 0, n) for area, of in counts.items() for p, n in of.items()]
    why = reasons(withhold(table(*figures), NIGHT))
    assert {area for area, _ in why} == {"H26.01", "H26.02"}
    assert ("H26.01", "2026-08") not in why
