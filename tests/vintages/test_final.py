"""Provisional until the declared day, then final."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from catalog.finality import ends_on, final_from, finality
from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA
from pipeline.vintages.final import with_vintage

ENDS = {
    "2026-10-31": dt.date(2026, 10, 31),
    "2026-02": dt.date(2026, 2, 28),
    "2026-12": dt.date(2026, 12, 31),
    "2026-Q4": dt.date(2026, 12, 31),
    "2024-Q1": dt.date(2024, 3, 31),
    "2026": dt.date(2026, 12, 31),
    "all": None,
}


@pytest.mark.parametrize("period", ENDS)
def test_the_last_day_of_a_period(period: str) -> None:
    assert ends_on(period) == ENDS[period]


def statuses(on: dt.date, period: str, *given: str) -> list[str]:
    row = {
        "release": "r", "indicator": "i", "definition_version": 1, "borders": "34", "area": "VN",
        "level": "nation", "period": period, "period_type": "month", "reason": "",
    }  # fmt: skip
    table = pa.Table.from_pylist([{**row, "status": s} for s in given], OBSERVATION_SCHEMA)
    found = with_vintage(table, Night(on))
    assert found.schema == OBSERVATION_SCHEMA
    statuses: list[str] = found["status"].to_pylist()
    return statuses


def test_a_figure_is_final_from_its_day_on_and_not_before() -> None:
    due = final_from("2026-10")
    assert due == dt.date(2026, 10, 31) + dt.timedelta(days=finality().month)
    before = due - dt.timedelta(days=1)
    assert statuses(before, "2026-10", "provisional") == ["provisional"]
    assert statuses(due, "2026-10", "provisional") == ["final"]
    assert statuses(due, "2026-11", "provisional") == ["provisional"]
    assert statuses(due, "all", "provisional") == ["provisional"]


def test_what_has_no_figure_does_not_become_final() -> None:
    kept = ["no_data", "missing", "withheld"]
    assert statuses(dt.date(2030, 1, 1), "2026-10", *kept) == kept
