"""How much of a change is real, and how much is who reported."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.made import NIGHT, figure, table
from transforms.figures import CHANGE_SCHEMA, changes

BEFORE, NOW = "2026-09", "2026-10"
COUNT = "overdue_count"


def changed(*figures: dict[str, Any]) -> list[dict[str, Any]]:
    found = changes(table(*figures), NIGHT)
    assert found.schema.equals(CHANGE_SCHEMA)
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("change", "real", "reporters"))


def test_a_newcomer_changes_the_nation_and_not_what_is_real() -> None:
    figures = [
        *(figure("VN", BEFORE, 50, 100), figure("VN", NOW, 130, 200)),
        *(figure("H26", BEFORE, 50, 100), figure("H26", NOW, 60, 100)),
        figure("H29", NOW, 70, 100),
    ]
    [row] = changed(*figures)
    assert (row["period"], row["period_before"]) == (NOW, BEFORE)
    assert told(row) == (Decimal("0.15"), Decimal("0.1"), Decimal("0.05"))
    assert [row[name] for name in ("matched", "only_before", "only_now")] == [1, 0, 1]


def test_a_count_falls_where_somebody_falls_silent() -> None:
    facts = {"indicator": COUNT}
    figures = [
        *(figure("VN", BEFORE, 30, 300, **facts), figure("VN", NOW, 12, 100, **facts)),
        *(figure("H26", BEFORE, 10, 100, **facts), figure("H26", NOW, 12, 100, **facts)),
        *(figure("H29", BEFORE, 20, 200, **facts), figure("H29", NOW, None, None, **facts)),
    ]
    [row] = changed(*figures)
    assert told(row) == (-18, 2, -20)
    assert [row[name] for name in ("matched", "only_before", "only_now")] == [1, 1, 0]


def test_an_area_that_is_not_whole_is_not_matched() -> None:
    figures = [
        *(figure("VN", BEFORE, 50, 100), figure("VN", NOW, 60, 100)),
        *(figure("H26", BEFORE, 50, 100), figure("H26", NOW, 60, 100, coverage=0.0)),
    ]
    [row] = changed(*figures)
    assert (row["real"], row["reporters"], row["matched"]) == (None, None, 0)
    assert row["change"] == Decimal("0.1")


def test_where_the_nation_is_withheld_the_real_change_remains() -> None:
    hidden = {"status": "withheld", "reason": "low_coverage"}
    figures = [
        *(figure("VN", BEFORE, None, None, **hidden), figure("VN", NOW, 60, 100)),
        *(figure("H26", BEFORE, 50, 100), figure("H26", NOW, 60, 100)),
    ]
    [row] = changed(*figures)
    assert told(row) == (None, Decimal("0.1"), None)


def test_periods_compare_with_the_one_before_once_they_have_ended() -> None:
    figures = [
        figure("VN", period, 1, 2)
        for period in (
            *("2025-12", "2026-01", "2026-03", "2026-10", "2026-11"),
            *("2025-Q4", "2026-Q1", "2026-Q4", "2024", "2025", "2026", "all", "2026-10-01"),
        )
    ]
    pairs = {(row["period_before"], row["period"]) for row in changed(*figures)}
    assert pairs == {("2025-12", "2026-01"), ("2025-Q4", "2026-Q1"), ("2024", "2025")}


COUNTS = st.tuples(st.integers(0, 50), st.integers(50, 99), st.sampled_from([0.0, 1.0]))
PANEL = st.dictionaries(
    st.tuples(st.sampled_from(["H26", "H29", "H17", "G03"]), st.sampled_from([BEFORE, NOW])),
    COUNTS,
)


@settings(max_examples=20)
@given(PANEL, st.sampled_from(["on_time_rate", COUNT]))
def test_the_two_parts_are_the_change_to_the_last_digit(panel: Any, code: str) -> None:
    figures = []
    for period in (BEFORE, NOW):
        own = {area: count for (area, of), count in panel.items() if of == period}
        sums = [sum(count[i] for count in own.values()) for i in (0, 1)]
        figures.append(figure("VN", period, *sums, indicator=code))
        figures += [
            figure(area, period, n, d, coverage=covered, indicator=code)
            for area, (n, d, covered) in own.items()
        ]
    [row] = changed(*figures)
    if row["change"] is not None and row["real"] is not None:
        assert row["real"] + row["reporters"] == row["change"]
    both = {a for a, _ in panel if all(panel.get((a, p), (0, 0, 0))[2] for p in (BEFORE, NOW))}
    assert row["matched"] == len(both)
    if len(panel) == 2 * len(both) > 0:
        assert row["reporters"] == 0
