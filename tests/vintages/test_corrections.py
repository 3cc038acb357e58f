"""Of which moves people are told."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.revisions import REVISION_SCHEMA
from pipeline.vintages.causes import cause_of
from pipeline.vintages.corrections import WORDS, corrections, notice
from transforms.indicators import indicators

RATE, COUNT = "on_time_rate", "pending_count"
Step = tuple[str, float | None, float | None]


def due(*steps: Step, status: str = "provisional", **where: Any) -> bool:
    """Whether a notice is due for one figure that these causes moved."""
    row = {
        "release": "b", "previous": "a", "indicator": RATE, "borders": "34", "area": "H57",
        "period": "2026-10", "level": "province", "period_type": "month", **where,
    }  # fmt: skip
    revisions = [
        {**row, "cause": c, "value_before": before, "value_after": after}
        for c, before, after in steps
    ]
    known = {name: row[name] for name in ("indicator", "borders", "area", "period")}
    blank = dict.fromkeys(("release", "level", "period_type", "reason"), "")
    observed = [{**blank, **known, "definition_version": 1, "status": status}]
    found = corrections(
        pa.Table.from_pylist(revisions, REVISION_SCHEMA),
        pa.Table.from_pylist(observed, OBSERVATION_SCHEMA),
    )
    return bool(found)


def test_only_a_move_beyond_the_tolerance_counts() -> None:
    tolerance = indicators()[RATE].tolerance
    assert due(("late_data", 0.9, 0.9 + tolerance * 1.1))
    assert not due(("late_data", 0.9, 0.9 + tolerance * 0.9))
    assert due(("late_data", 0.9, 0.8), ("our_rule", 0.8, 0.85))
    assert not due(("late_data", 0.9, 0.8), ("our_rule", 0.8, 0.9))


def test_of_a_number_the_share_that_moved_counts() -> None:
    tolerance = indicators()[COUNT].tolerance
    assert due(("late_data", 1000, 1000 + 1100 * tolerance), indicator=COUNT)
    assert not due(("late_data", 1000, 1000 + 900 * tolerance), indicator=COUNT)


def test_open_cases_going_on_correct_nothing_until_the_figure_is_final() -> None:
    steps = ("progress", 0.9, 0.5)
    assert not due(steps)
    assert due(steps, status="final")


@pytest.mark.parametrize("level", ["agency", "ministry", "other"])
def test_below_provinces_only_final_figures_are_corrected(level: str) -> None:
    assert not due(("late_data", 0.9, 0.5), level=level)
    assert due(("late_data", 0.9, 0.5), level=level, status="final")


def test_days_are_in_their_month_and_a_first_figure_corrects_nothing() -> None:
    assert not due(("late_data", 0.9, 0.5), period_type="day", period="2026-10-15")
    assert not due(("late_data", None, 0.5))
    assert due(("source_correction", 0.9, None))


def test_a_notice_writes_as_each_language_does() -> None:
    row = {
        "release": "b", "previous": "a", "indicator": RATE, "area": "H57", "period": "2026-10",
        "cause": "late_data", "value_before": 0.9125, "value_after": None,
    }  # fmt: skip
    told = {language: notice([[row]], Night.parse("2026-11-22"), language) for language in WORDS}
    assert "Huế, Tháng 10/2026: trước đây 91,2 %, nay không còn công bố." in told["vi"]
    assert "Huế, October 2026: was 91.2%, now no longer published." in told["en"]
    assert told["vi"].splitlines()[1] == "22/11/2026"


FILES = {
    "transforms/indicators/on_time_rate.yml": "our_rule",
    "transforms/flags/dossier.yml": "our_rule",
    "catalog/codelists/status.csv": "our_rule",
    "catalog/codelists/swapped_days.csv": "calendar",
    "catalog/unusual_days.csv": "calendar",
    "catalog/codelists/office_hours.csv": "calendar",
    "catalog/codelists/area_changes.csv": "merge",
    "catalog/codelists/provinces_34.csv": "merge",
    "catalog/sources/hue.yml": "coverage",
    "transforms/detectors/random_codes.yml": "coverage",
}


@pytest.mark.parametrize("path", FILES)
def test_of_which_cause_a_changed_file_is(path: str) -> None:
    assert cause_of(path) == FILES[path]
