"""A column that a source filled for weeks and then does not: told, and nothing else is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from catalog.working_days import is_worked
from expectations import Filled, Sent, judge
from expectations.filling import NIGHTS_FILLED, emptied

DOSSIER = records()["dossier"]
THURSDAY = dt.date(2026, 10, 15)
USUAL = {"dossier_code": 50, "due_at": 40, "payment": 3}
DAYS = [THURSDAY - dt.timedelta(days=n) for n in range(14, 0, -1)]
WEEKS = [Filled(on, 50, USUAL) for on in DAYS if is_worked(on)][-NIGHTS_FILLED:]
Conform = Callable[..., pa.Table]


def rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    row = {"dossier_code": "H26.01-261001-0001", "channel": "online", **changes}
    return [row] * count


@pytest.mark.parametrize(
    ("table", "before", "found"),
    [
        (rows(20), WEEKS, "due_at"),
        (rows(20, dossier_code=""), WEEKS, "dossier_code, due_at"),
        (rows(20, due_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC)), WEEKS, None),
        (rows(4), WEEKS, None),
        (rows(20), WEEKS[1:], None),
        ([], WEEKS, None),
    ],
    ids=["emptied", "empty text", "still filled", "four rows", "7 nights", "no rows"],
)  # fmt: skip
def test_a_column_filled_for_weeks_is_missed(
    conform: Conform, table: list[dict[str, Any]], before: list[Filled], found: str | None
) -> None:
    assert emptied(DOSSIER, conform("dossier", table), THURSDAY, before) == found


def test_a_column_filled_now_and_then_is_not_missed(conform: Conform) -> None:
    """`payment` was there in 3 of 50 rows: none among 20 is no wonder."""
    told = emptied(DOSSIER, conform("dossier", rows(20)), THURSDAY, WEEKS)
    assert told is not None
    assert "payment" not in told


def test_only_days_alike_are_compared(conform: Conform) -> None:
    """Nothing is finished while offices are closed, and nobody knows what a holiday brings."""
    table = conform("dossier", rows(20))
    for on in (dt.date(2026, 10, 17), dt.date(2026, 11, 24)):
        assert emptied(DOSSIER, table, on, WEEKS) is None
    weekends = [on - dt.timedelta(days=28) for on in DAYS] + DAYS
    closed = [Filled(on, 50, USUAL) for on in weekends if not is_worked(on)]
    assert len(closed) == NIGHTS_FILLED
    assert emptied(DOSSIER, table, dt.date(2026, 10, 17), closed) == "due_at"


@pytest.mark.parametrize(
    ("count", "later"),
    [(20, 1), (4, 1), (20, 2), (20, 3), (0, 1), (20, 30)],
    ids=["next night", "few rows", "Saturday", "Sunday", "no rows", "a month"],
)
def test_a_column_is_missed_until_a_night_fills_it(
    conform: Conform, count: int, later: int
) -> None:
    """Else the office would be told the next night that it is mended."""
    gone = Filled(THURSDAY, 50, {"dossier_code": 50})
    on = THURSDAY + dt.timedelta(days=later)
    empty = conform("dossier", rows(count))
    assert emptied(DOSSIER, empty, on, [*WEEKS, gone]) == "due_at"
    back = conform("dossier", rows(4) + rows(1, due_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC)))
    assert emptied(DOSSIER, back, on, [*WEEKS, gone]) is None
    mended = Filled(on, 50, USUAL)
    assert emptied(DOSSIER, empty, on + dt.timedelta(days=1), [*WEEKS, gone, mended]) is None


def test_the_batch_is_merged_with_a_warning_that_names_the_column(
    conform: Conform, source: Callable[..., Source]
) -> None:
    made_at = dt.datetime(2026, 10, 15, 2, tzinfo=dt.UTC)
    table = conform(
        "dossier", rows(20, status="withdrawn", received_at=made_at, version_at=made_at)
    )
    night = Night.parse("2026-10-15")
    verdict = judge(source(), DOSSIER, table, night, Sent(20), [], WEEKS)
    assert verdict.decision == "accept"
    assert verdict.findings["check_id"].to_pylist() == ["columns_emptied"]
    assert verdict.problem == "columns_emptied: filled for weeks and empty now: due_at"
