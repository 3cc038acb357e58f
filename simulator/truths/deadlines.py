"""Deadlines recomputed from the catalogue of procedures, and how promises compare with them.

Follows ``docs/decisions/0022-deadlines-recomputed.md`` and metrics 2.1 and 2.2 of Decision 766.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from catalog.office_hours import office_of
from catalog.sources import Source
from simulator.clock import next_month
from simulator.dossier import DONE
from simulator.kinds import Case
from simulator.kinds.dossier import Handled, handled
from simulator.kinds.procedure import entries
from simulator.kinds.registers import known
from simulator.working_time import Stretch, counting_day, deadline, waited_days, working_days

if TYPE_CHECKING:
    from simulator.nation import Nation

REQUESTS = frozenset({"supplement_requested", "payment_requested"})
Time = tuple[int, str]


class Clocked(NamedTuple):
    """A dossier with what is known of its deadlines; None where nothing is."""

    case: Handled
    area: str
    waits: list[Stretch]
    statutory_at: dt.datetime | None
    deadline_at: dt.datetime | None
    first_due_at: dt.datetime | None


def statutory_times(nation: Nation, cutoff: dt.datetime) -> dict[str, Time]:
    """Procedure -> its statutory time and unit, by the catalogues known at `cutoff`."""
    found: dict[str, Time] = {}
    for source in nation.sources.values():
        if "procedure" in source.records:
            for procedure, _ in known(nation, entries(nation, source, cutoff), cutoff):
                found[procedure.code] = (procedure.time, procedure.time_unit)
    return found


def waits(case: Handled, tells_events: bool) -> list[Stretch]:
    """When the dossier waited for its applicant, between its reception and its finish."""
    told = list(_told_waits(case)) if tells_events else []
    if not told and case.state.supplements:
        last = case.state.supplements[-1]
        told = [(case.state.supplements[0].requested_at, last.received_at)]
    stretches = [_within(case, begin, end) for begin, end in told]
    return [(begin, end) for begin, end in stretches if end is not None and begin < end]


def _told_waits(case: Handled) -> Iterator[tuple[dt.datetime, dt.datetime | None]]:
    """From a request to the next step that is none; an apology is no step."""
    steps = sorted(
        (event.happened_at, event.kind in REQUESTS)
        for event in case.dossier.events
        if event.at < case.cutoff and event.kind != "apology_issued"
    )
    begin = None
    for happened_at, is_request in steps:
        if is_request:
            begin = begin or happened_at
        elif begin is not None:
            yield begin, happened_at
            begin = None
    if begin is not None:
        yield begin, None


def _within(
    case: Handled, begin: dt.datetime, end: dt.datetime | None
) -> tuple[dt.datetime, dt.datetime | None]:
    if end is None and case.state.status in REQUESTS:
        end = case.cutoff
    if end is not None and case.finished_at is not None:
        end = min(end, case.finished_at)
    return max(begin, case.received_at), end


def first_due_at(nation: Nation, source: Source, case: Handled) -> dt.datetime | None:
    """The first due time that anybody who asked was told."""
    for moment in nation.asked_at(source.source_id, case.cutoff):
        state = case.dossier.version_before(moment)
        if state and state.due_at:
            return state.due_at
    return None


def _clocked(nation: Nation, source: Source, case: Handled, time: Time | None) -> Clocked:
    area = case.dossier.decided_under(source.area)
    office = office_of(area)
    waited = waits(case, "dossier_event" in source.records)
    first = first_due_at(nation, source, case)
    if time is None:
        return Clocked(case, area, waited, None, None, first)
    statutory = deadline(office, case.received_at, *time)
    ours = deadline(office, case.received_at, *time, waited) if waited else statutory
    return Clocked(case, area, waited, statutory, ours, first)


def is_on_time_766(case: Handled, due_at: dt.datetime | None) -> bool:
    """Metric 2.1, `due_at` being the due time or what stands in for it."""
    if due_at is None or len(case.state.supplements) > 1:
        return False
    end = _end_766(case)
    for asked_at, answered_at in case.state.supplements:
        if answered_at is not None and answered_at <= end:
            end -= answered_at - asked_at
    return end <= due_at


def _end_766(case: Handled) -> dt.datetime:
    state = case.state
    stated = state.finished_at or state.returned_at
    if stated is None and state.status in ("stopped", "withdrawn"):
        stated = state.rejected_at
    if stated is None and state.status == "supplement_requested":
        stated = state.supplements[0].requested_at
    return stated or min(next_month(case.received_at), case.cutoff)


def _handled_days(clocked: Clocked, finished_at: dt.datetime) -> int:
    office = office_of(clocked.area)
    start = counting_day(office, clocked.case.received_at)
    days = working_days(start, finished_at.date())
    return max(0, days - waited_days(office, clocked.waits))


def _of_received(clocked: Clocked) -> Iterator[tuple[str, int]]:
    """Indicator -> what a received dossier adds to its numerator."""
    due_at, first = clocked.case.state.due_at, clocked.first_due_at
    yield "on_time_rate_766", is_on_time_766(clocked.case, due_at or clocked.statutory_at)
    yield "due_date_missing_share", due_at is None
    if first and due_at:
        yield "due_date_moved_share", due_at != first
    if first and clocked.statutory_at:
        yield "deadline_promised_later_share", first > clocked.statutory_at


def _of_finished(clocked: Clocked, finished_at: dt.datetime) -> Iterator[tuple[str, int]]:
    """The same of a finished one, by the day of finishing."""
    due_at, first, ours = clocked.case.state.due_at, clocked.first_due_at, clocked.deadline_at
    if first:
        yield "on_time_rate_original", finished_at <= first
    if ours:
        yield "on_time_rate_recomputed", finished_at <= ours
    if ours and due_at:
        yield "deadline_gap_share", (finished_at <= due_at) != (finished_at <= ours)


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    if source.source_id not in nation.habits:
        return
    times = statutory_times(nation, cutoff)
    for case in handled(nation, source.source_id, cutoff):
        if not case.dossier.is_agency_work:
            continue
        clocked = _clocked(nation, source, case, times.get(case.dossier.procedure.code))
        for indicator, adds in _of_received(clocked):
            yield Case(indicator, clocked.area, case.received_at, int(adds))
        finished_at = case.state.finished_at if case.state.status in DONE else None
        if finished_at:
            days = _handled_days(clocked, finished_at)
            yield Case("mean_handling_days", clocked.area, case.received_at, days)
            for indicator, adds in _of_finished(clocked, finished_at):
                yield Case(indicator, clocked.area, finished_at, int(adds))
