"""A deviation is accepted through its last day, and counts again after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from expectations import Sent, judge

UNTIL = dt.date(2026, 10, 15)
DOSSIER = records()["dossier"]


def deviating(source: Callable[..., Source], until: Any) -> Source:
    why = {"reason": "the old software ends on that day", "until": until}
    return source(accepted_deviations={"finished_before_received": why})


@pytest.mark.parametrize(("day", "decision"), [(14, "accept"), (15, "accept"), (16, "quarantine")])
def test_after_its_last_day_it_counts_again(
    source: Callable[..., Source], conform: Callable[..., pa.Table], day: int, decision: str
) -> None:
    early, late = (dt.datetime(2026, 10, 1, hour, tzinfo=dt.UTC) for hour in (1, 2))
    row = {"dossier_code": "H26.01-261001-0001", "status": "finished", "due_at": late}
    table = conform("dossier", [{**row, "received_at": late, "finished_at": early}])
    night = Night(dt.date(2026, 10, day))
    verdict = judge(deviating(source, UNTIL), DOSSIER, table, night, Sent(1), [])
    assert verdict.decision == decision
    assert verdict.findings["check_id"].to_pylist() == ["finished_before_received"]


def test_a_plain_reason_holds_for_good(source: Callable[..., Source]) -> None:
    plain = source(accepted_deviations={"finished_before_received": "day precision"})
    assert plain.accepts("finished_before_received", dt.date(2099, 1, 1))
    assert not plain.accepts("received_in_future", UNTIL)


@pytest.mark.parametrize("until", [dt.date(2025, 6, 30), "soon"])
def test_an_end_that_makes_no_sense_is_refused(source: Callable[..., Source], until: Any) -> None:
    with pytest.raises(ValidationError, match=r"ends before the source starts|until"):
        deviating(source, until)


@pytest.mark.parametrize("why", ["", {"until": UNTIL}, {"reason": "why", "untill": UNTIL}])
def test_a_deviation_has_a_reason(source: Callable[..., Source], why: Any) -> None:
    with pytest.raises(ValidationError, match="accepted_deviations"):
        source(accepted_deviations={"finished_before_received": why})
