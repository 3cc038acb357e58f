"""What is published: roll-up, coverage, and the difference between nothing, none and missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.areas import NATION
from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA, REPORTING_SCHEMA
from transforms.indicators import MEASURE_SCHEMA, indicators, observe

NIGHT = Night.parse("2026-11-22")
SHARE, COUNT, MONTHLY = "online_submission_share", "pending_count", "on_time_rate_766"
APART = "X-WABO"
Figure = dict[str, Any]
Count = tuple[str, str, str | None, str, int, int]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def measures(*counts: Count) -> pa.Table:
    """Rows of indicator, area, agency, start, numerator, denominator."""
    rows = [
        (i, indicators()[i].version, area, agency, day(on), n, d)
        for i, area, agency, on, n, d in counts
    ]
    return pa.Table.from_pylist(
        [dict(zip(MEASURE_SCHEMA.names, row, strict=True)) for row in rows], MEASURE_SCHEMA
    )


def reporting(**areas: tuple[str, str | None]) -> pa.Table:
    """Area -> first day, last complete day; an underscore stands for the hyphen in a code."""
    rows = [
        {
            "area": area.replace("_", "-"),
            "stream": "dossier",
            "starts_on": day(starts_on),
            "complete_through": through and day(through),
        }
        for area, (starts_on, through) in areas.items()
    ]
    return pa.Table.from_pylist(rows, REPORTING_SCHEMA)


def observed(counts: pa.Table, expected: pa.Table) -> dict[tuple[str, str, str], Figure]:
    table = observe(counts, expected, NIGHT, "2026-11-22")
    assert table.schema.equals(OBSERVATION_SCHEMA)
    rows = [row for row in table.to_pylist() if row["borders"] == "34"]
    found = {(row["indicator"], row["area"], row["period"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def numbers(figure: Figure) -> tuple[int | None, int | None, float | None, float | None, str]:
    return tuple(
        figure[name] for name in ("numerator", "denominator", "value", "coverage", "status")
    )


BOTH = reporting(H26=("2026-09-01", "2026-11-22"), H29=("2026-09-01", "2026-11-22"))
COUNTS = measures(
    (SHARE, "H26", None, "2026-09-30", 1, 2),
    (SHARE, "H26", None, "2026-10-01", 3, 4),
    (SHARE, "H29", None, "2026-10-01", 0, 5),
    (SHARE, "H29", None, "2026-11-22", 6, 6),
    (SHARE, "H26", "H26.01", "2026-09-01", 1, 2),
    (SHARE, "H26", "H26.01", "2026-10-01", 3, 4),
    (SHARE, "H29", "H29.07", "2026-10-01", 0, 5),
    (SHARE, "H29", "H29.07", "2026-11-01", 6, 6),
    (COUNT, "H26", None, "2026-10-01", 7, 9),
    (COUNT, "H26", "H26.01", "2026-10-01", 7, 9),
    (MONTHLY, "H26", None, "2026-10-01", 2, 8),
    (MONTHLY, "H26", "H26.01", "2026-10-01", 2, 8),
)


def test_days_roll_up_to_every_period_of_an_area() -> None:
    found = observed(COUNTS, BOTH)
    assert numbers(found[SHARE, "H26", "2026-09-30"]) == (1, 2, 0.5, 1, "provisional")
    assert numbers(found[SHARE, "H26", "2026-09"]) == (1, 2, 0.5, 1, "provisional")
    assert numbers(found[SHARE, "H26", "2026-Q3"]) == (1, 2, 0.5, 1, "provisional")
    assert numbers(found[SHARE, "H26", "2026-Q4"]) == (3, 4, 0.75, 1, "provisional")
    assert numbers(found[SHARE, "H26", "2026"]) == (4, 6, 4 / 6, 1, "provisional")
    assert numbers(found[SHARE, "H26", "all"]) == (4, 6, 4 / 6, 1, "provisional")


def test_the_nation_is_the_sum_of_its_areas() -> None:
    found = observed(COUNTS, BOTH)
    assert numbers(found[SHARE, NATION, "2026-10-01"])[:2] == (3, 9)
    assert numbers(found[SHARE, NATION, "2026-Q4"])[:2] == (9, 15)
    assert found[SHARE, NATION, "all"]["level"] == "nation"


def test_the_value_of_a_count_is_its_numerator() -> None:
    assert numbers(observed(COUNTS, BOTH)[COUNT, "H26", "2026-10"])[:3] == (7, 9, 7.0)


def test_agencies_have_months_and_longer_periods() -> None:
    found = observed(COUNTS, BOTH)
    of_agency = {p: f for (i, a, p), f in found.items() if (i, a) == (SHARE, "H26.01")}
    assert sorted(of_agency) == ["2026", "2026-09", "2026-10", "2026-Q3", "2026-Q4", "all"]
    assert {figure["level"] for figure in of_agency.values()} == {"agency"}
    assert numbers(of_agency["2026"])[:2] == (4, 6)


def test_an_agency_that_bears_the_code_of_an_area_is_not_a_second_figure() -> None:
    own = measures(
        (SHARE, "H26", None, "2026-10-01", 1, 2), (SHARE, "H26", "H26", "2026-10-01", 1, 2)
    )
    found = observed(own, BOTH)
    assert found[SHARE, "H26", "2026-10"]["level"] == "province"


def test_an_agency_in_two_areas_is_their_sum() -> None:
    shared = measures(
        (SHARE, "H26", "G03.05", "2026-10-01", 1, 2), (SHARE, "H29", "G03.05", "2026-11-01", 3, 4)
    )
    assert numbers(observed(shared, BOTH)[SHARE, "G03.05", "all"])[:2] == (4, 6)


def test_a_definition_by_month_has_no_days() -> None:
    found = observed(COUNTS, BOTH)
    assert (MONTHLY, "H26", "2026-10") in found
    assert (MONTHLY, "H26", "2026-10-01") not in found
    assert (MONTHLY, NATION, "2026-10-01") not in found


def test_days_without_counts_have_no_row() -> None:
    days = {p for i, a, p in observed(COUNTS, BOTH) if (i, a) == (SHARE, "H26") and len(p) == 10}
    assert days == {"2026-09-30", "2026-10-01"}


def test_nothing_to_count_is_no_data_and_not_zero() -> None:
    found = observed(COUNTS, BOTH)
    assert numbers(found[SHARE, "H26", "2026-11"]) == (0, 0, None, 1, "no_data")
    assert numbers(found[COUNT, "H29", "2026"]) == (0, 0, None, 1, "no_data")
    assert numbers(found["digitised_share", NATION, "all"]) == (0, 0, None, 1, "no_data")


def test_a_silent_area_is_missing_without_numbers() -> None:
    expected = reporting(H26=("2026-09-01", "2026-10-31"), H29=("2026-09-01", None))
    counts = measures(
        (SHARE, "H26", None, "2026-10-01", 3, 4), (SHARE, "H26", None, "2026-11-05", 1, 1)
    )
    found = observed(counts, expected)
    for period in ("2026-10", "2026-11", "2026-Q4", "2026", "all"):
        assert numbers(found[SHARE, "H29", period]) == (None, None, None, 0, "missing")
    assert numbers(found[COUNT, "H26", "2026-11"]) == (None, None, None, 0, "missing")
    assert numbers(found[COUNT, "H26", "2026-Q4"]) == (0, 0, None, 0, "no_data")


def test_coverage_is_of_the_period_so_far() -> None:
    expected = reporting(H26=("2026-09-01", "2026-11-21"), H29=("2026-09-01", "2026-11-22"))
    found = observed(COUNTS, expected)
    assert found[SHARE, "H26", "2026-10"]["coverage"] == 1
    assert found[SHARE, "H26", "2026-11"]["coverage"] == 0
    assert found[SHARE, "H26", "all"]["coverage"] == 0
    assert found[SHARE, "H29", "all"]["coverage"] == 1
    assert found[SHARE, NATION, "2026-10"]["coverage"] == 1
    assert found[SHARE, NATION, "2026-11"]["coverage"] == 0.5
    assert found[SHARE, NATION, "2026-11-22"]["coverage"] == 0.5
    assert found[SHARE, "H26.01", "2026"]["coverage"] == 0


def test_an_area_is_expected_from_its_own_start() -> None:
    expected = reporting(H26=("2026-09-01", "2026-11-22"), H29=("2026-11-01", None))
    found = observed(measures((SHARE, "H26", None, "2026-09-30", 1, 2), *LATER), expected)
    assert (SHARE, "H29", "2026-10") not in found
    assert found[SHARE, "H29", "2026-11"]["status"] == "missing"
    assert found[SHARE, NATION, "2026-10"]["coverage"] == 1
    assert found[SHARE, NATION, "2026-11"]["coverage"] == 0.5


LATER: tuple[Count, ...] = ((SHARE, "H26", None, "2026-11-02", 1, 2),)


def test_before_anybody_had_to_report_the_nation_has_no_coverage() -> None:
    old = measures((SHARE, "H26", None, "2020-01-05", 1, 2))
    found = observed(old, BOTH)
    assert numbers(found[SHARE, NATION, "2020-01"]) == (1, 2, 0.5, None, "provisional")
    assert (SHARE, "H29", "2020-01") not in found


def test_an_area_apart_has_its_own_periods_and_stays_out_of_the_nation() -> None:
    apart = (SHARE, APART, None, "2011-03-04", 9, 10)
    expected = pa.concat_tables([BOTH, reporting(X_WABO=("2010-10-01", "2026-11-22"))])
    found = observed(pa.concat_tables([COUNTS, measures(apart)]), expected)
    periods = {period for i, area, period in found if (i, area) == (SHARE, APART)}
    assert periods == {"2011-03-04", "2011-03", "2011-Q1", "2011", "all"}
    assert numbers(found[SHARE, NATION, "all"])[:2] == (10, 17)
    assert (SHARE, "H26", "2011") not in found
    assert found[SHARE, APART, "all"]["level"] == "other"
    assert numbers(found[COUNT, APART, "2011"]) == (0, 0, None, 1, "no_data")


def test_who_need_not_report_a_record_kind_is_not_missed() -> None:
    found = observed(COUNTS, BOTH)
    assert not [key for key in found if key[0] == "satisfaction_rating_share"]


def test_an_undeclared_area_is_refused() -> None:
    with pytest.raises(KeyError, match="H99"):
        observed(measures((SHARE, "H99", None, "2026-10-01", 1, 2)), BOTH)


def test_without_any_count_there_is_nothing_to_observe() -> None:
    assert observed(measures(), BOTH) == {}


COUNT_ROW = st.tuples(
    st.just(SHARE),
    st.sampled_from(["H26", "H29", "G03", APART]),
    st.none(),
    st.dates(day("2026-08-01"), day("2026-11-22")).map(str),
    st.integers(0, 5),
    st.integers(5, 9),
)
ROWS = st.lists(COUNT_ROW, min_size=1, max_size=25, unique_by=lambda row: row[1:4])


@settings(max_examples=15)
@given(ROWS, st.randoms())
def test_sums_hold_for_any_counts_in_any_order(rows: list[Count], chance: Any) -> None:
    first = observe(measures(*rows), BOTH, NIGHT, "a")
    assert first.equals(observe(measures(*chance.sample(rows, len(rows))), BOTH, NIGHT, "a"))
    counted = [f for f in first.to_pylist() if f["borders"] == "34" and f["denominator"]]
    figures = [f for f in counted if f["indicator"] == SHARE]
    for period in {figure["period"] for figure in figures}:
        in_period = [figure for figure in figures if figure["period"] == period]
        parts = [f for f in in_period if f["area"] not in (NATION, APART)]
        nation = [f for f in in_period if f["area"] == NATION]
        for name in ("numerator", "denominator"):
            assert sum(f[name] for f in parts) == sum(f[name] for f in nation)
    everything = sum(
        f["denominator"] for f in figures if f["period"] == "all" and f["area"] != NATION
    )
    assert everything == sum(row[5] for row in rows)
