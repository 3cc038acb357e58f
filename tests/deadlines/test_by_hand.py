"""Deadlines worked by hand over Tết 2026, a made-up Saturday and public holidays, on both engines.

The calendar of 2026: 1 and 2 January off, Saturday 10 January worked; Tết off from 14 to 22
February; 27 April, 30 April and 1 May off; 22 November is a Sunday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from tests.deadlines.conftest import Row, dossier, local, tables

Look = Callable[[str, dict[str, pa.Table]], list[dict[str, Any]]]
CASES = [
    ("over Tết", "2026-02-12 09:00", "working_day 3", "H26", "2026-02-25"),
    ("late on the eve of Tết", "2026-02-13 17:01", "working_day 1", "H26", "2026-02-25"),
    ("at closing on the eve of Tết", "2026-02-13 17:00", "working_day 1", "H26", "2026-02-24"),
    ("ten days end in Tết", "2026-02-06 10:00", "day 10", "H26", "2026-02-24"),
    ("a month ends in Tết", "2026-01-16 09:00", "month 1", "H26", "2026-02-24"),
    ("hours over Tết", "2026-02-13 15:00", "hour 8", "H26", "2026-02-23 15:00"),
    ("a made-up Saturday", "2026-01-08 10:00", "working_day 2", "H26", "2026-01-11"),
    ("the day it was swapped with", "2025-12-31 10:00", "working_day 1", "H26", "2026-01-06"),
    ("received on the made-up Saturday", "2026-01-10 16:00", "day 1", "H26", "2026-01-13"),
    ("no 30 February", "2026-01-30 09:00", "month 1", "H26", "2026-03-03"),
    ("a month from the next working day", "2026-10-30 18:00", "month 1", "H26", "2026-12-03"),
    ("a day from the next working day", "2026-10-30 18:00", "day 1", "H26", "2026-11-04"),
    ("at night, before opening", "2026-11-10 05:00", "hour 8", "H26", "2026-11-10 17:00"),
    ("at noon", "2026-11-10 12:30", "hour 2", "H26", "2026-11-10 15:00"),
    ("on a Saturday off", "2026-11-14 09:00", "working_day 1", "H26", "2026-11-18"),
    ("on a Saturday morning worked", "2026-11-14 09:00", "working_day 1", "H29", "2026-11-17"),
    ("after that morning", "2026-11-14 11:45", "working_day 1", "H29", "2026-11-18"),
    ("hours into that morning", "2026-11-13 16:00", "hour 4", "H29", "2026-11-14 10:30"),
    ("the same hours elsewhere", "2026-11-13 16:00", "hour 4", "H26", "2026-11-16 11:00"),
    ("no such morning in Tết", "2026-02-20 16:00", "hour 1", "H29", "2026-02-23 08:30"),
    ("other hours", "2026-11-10 07:00", "hour 8", "H56", "2026-11-10 17:00"),
    ("nothing known of the procedure", "2026-11-10 07:00", "none", "H26", ""),
]


def text(moment: dt.datetime | None) -> str:
    """A local time; a midnight is the day that it begins."""
    if moment is None:
        return ""
    shown = moment.astimezone(local("2026-01-01").tzinfo)
    return f"{shown:%Y-%m-%d}" if shown.time() == dt.time() else f"{shown:%Y-%m-%d %H:%M}"


def test_terms_end_as_worked_by_hand(look: Look) -> None:
    dossiers = [
        dossier(n, received, time, area_code=area)
        for n, (_, received, time, area, _) in enumerate(CASES)
    ]
    found = {r["key_hash"]: r for r in look("deadline", tables(dossiers, []))}
    ours = {CASES[n][0]: text(row["deadline_at"]) for n, row in found.items()}
    assert ours == {name: ends for name, _, _, _, ends in CASES}
    assert all(row["statutory_at"] == row["deadline_at"] for row in found.values())


def event(code: int, kind: str, at: str) -> Row:
    return {"dossier_code": str(code), "event": kind, "happened_at": local(at)}


ASKED, ANSWERED = "supplement_requested", "supplement_received"
EVENTS = {"?": "supplement_requested", "$": "payment_requested", "!": "supplement_received",
          ">": "resumed", "4": "processing", "~": "apology_issued"}  # fmt: skip
PAUSED = [
    # Received Monday 20 April at nine; five working days end on the 28th. Waited 23, 24, 28, 29.
    ("over holidays", "working_day 5", "2026-05-07", "?22 10:00, !29 09:00"),
    ("asked late, answered the next day", "working_day 5", "2026-04-29", "?22 17:30, !23 09:00"),
    ("within a day", "working_day 5", "2026-04-29", "?22 08:00, !22 17:00"),
    ("an hour and a half", "hour 8", "2026-04-21 10:30", "?20 11:00, !20 13:30"),
    ("money", "working_day 5", "2026-04-30", "$22 10:00, >23 10:00"),
    ("two requests in a row, and one more", "working_day 5", "2026-05-05",
     "?21 08:00, $21 15:00, 422 08:00, ?23 08:00, ~23 09:00, !24 08:00"),
    ("without end", "working_day 5", "2026-04-29", "?22 10:00"),
    ("an answer without a request", "working_day 5", "2026-04-29", "!22 10:00"),
]  # fmt: skip


def test_waits_move_the_deadline_as_worked_by_hand(look: Look) -> None:
    dossiers = [dossier(n, "2026-04-20 09:00", time) for n, (_, time, _, _) in enumerate(PAUSED)]
    events = [
        event(n, EVENTS[told[0]], f"2026-04-{told[1:]}")
        for n, (*_, steps) in enumerate(PAUSED)
        for told in steps.split(", ")
    ]
    rows = look("deadline", tables(dossiers, events))
    ours = {PAUSED[r["key_hash"]][0]: text(r["deadline_at"]) for r in rows}
    assert ours == {name: ends for name, _, ends, _ in PAUSED}


DATES = {
    "supplement_requested_at": "2026-11-04 10:00",
    "supplement_received_at": "2026-11-06 10:00",
}
WAITED = [
    ("no events: its own dates", "processing", DATES, 2),
    (
        "its own dates, up to the finish",
        "finished",
        {**DATES, "finished_at": "2026-11-05 10:00"},
        1,
    ),
    (
        "finished before it was asked",
        "finished",
        {**DATES, "finished_at": "2026-11-04 09:00"},
        None,
    ),
    ("asked before reception", "processing", {**DATES, "received_at": "2026-11-05 09:00"}, 1),
    ("waiting still, to Sunday's end", ASKED, {**DATES, "supplement_received_at": ""}, 13),
    ("went on, nobody says when", "processing", {**DATES, "supplement_received_at": ""}, None),
    (
        "finished, nobody says when it went on",
        "finished",
        {**DATES, "supplement_received_at": "", "finished_at": "2026-11-20 10:00"},
        None,
    ),
]


@pytest.mark.parametrize(("name", "status", "times", "days"), WAITED, ids=[w[0] for w in WAITED])
def test_where_no_events_tell_the_dossier_does(
    seen: Any, name: str, status: str, times: dict[str, str], days: int | None
) -> None:
    stated = {at: local(text) if text else None for at, text in times.items()}
    one = {**dossier(1, "2026-11-02 09:00", "day 30"), "status": status, **stated}
    other = [event(2, ASKED, "2026-11-03 10:00"), event(2, ANSWERED, "2026-11-20 10:00")]
    found = [row["paused_days"] for row in seen("waited", [one], other)]
    assert found == ([] if days is None else [days])


def test_events_of_a_dossier_outrank_its_own_dates(seen: Any) -> None:
    stated = {at: local(text) for at, text in DATES.items()}
    one = dossier(1, "2026-11-02 09:00", "day 30", **stated)
    told = [event(1, ASKED, "2026-11-04 10:00"), event(1, ANSWERED, "2026-11-05 10:00")]
    assert [row["paused_days"] for row in seen("waited", [one], told)] == [1]
    assert seen("waited", [one], told[:1]) == []


def test_handling_is_counted_in_working_days_less_waits(seen: Any) -> None:
    done = {"status": "finished"}
    dossiers = [
        dossier(n, received, "none", **done, finished_at=local(f"{on} 15:00"),
                finished_on=dt.date.fromisoformat(on))
        for n, (received, on) in enumerate([
            ("2026-02-12 09:00", "2026-02-12"),
            ("2026-02-12 18:00", "2026-02-13"),
            ("2026-02-12 09:00", "2026-02-24"),
            ("2026-02-13 18:00", "2026-02-21"),
        ])
    ] + [dossier(9, "2026-11-02 09:00", "none")]  # fmt: skip
    waits = [event(2, ASKED, "2026-02-12 10:00"), event(2, ANSWERED, "2026-02-23 10:00")]
    rows = seen("handling", dossiers, waits)
    assert [row["handled_days"] for row in rows] == [0, 0, 1, 0, None]


def test_in_two_units_nothing_is_known_and_in_one_the_longest_time_counts(seen: Any) -> None:
    both = [
        dossier(n, "2026-11-10 09:00", name) for n, name in enumerate(("two units", "two times"))
    ]
    ends = [text(row["statutory_at"]) for row in seen("statutory", both, [])]
    assert ends == ["", "2026-11-18"]


def test_each_dossier_stays_one(seen: Any) -> None:
    waits = [
        event(n, kind, at)
        for n in (1, 2)
        for kind, at in ((ASKED, "2026-11-04 10:00"), (ANSWERED, "2026-11-05 10:00"),
                         (ASKED, "2026-11-06 10:00"), (ANSWERED, "2026-11-09 10:00"))
    ]  # fmt: skip
    rows = [dossier(n, "2026-11-02 09:00", time) for n, time in enumerate(["two times"] * 4)]
    for view in ("clock_start", "statutory", "deadline", "handling"):
        assert [row["key_hash"] for row in seen(view, rows, waits)] == [0, 1, 2, 3]
