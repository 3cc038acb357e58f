"""Dossiers, and the truth about them.

Follows the definitions of ``docs/architecture.md`` ("The first indicators") in plain Python; it
knows neither the wire format nor any SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.dossier import DONE, OPEN, Dossier, Version
from simulator.kinds import Case, State
from simulator.wire import dossier_row as row

if TYPE_CHECKING:
    from simulator.nation import Nation

__all__ = ["cases", "row", "states"]

GATEWAYS = frozenset({"national_portal", "agency_gateway"})


class Handled(NamedTuple):
    """A received dossier as it stands at the cutoff."""

    dossier: Dossier
    state: Version
    received_at: dt.datetime
    cutoff: dt.datetime

    @property
    def finished_at(self) -> dt.datetime | None:
        """When it was finished, for dossiers that are done."""
        return self.state.finished_at if self.state.status in DONE else None


Placed = tuple[dt.datetime, bool] | None
"""The time that gives the period, and whether the case is in the numerator; None: not counted."""


def online_submission_share(case: Handled) -> Placed:
    return case.received_at, case.dossier.channel == "online"


def end_to_end_share(case: Handled) -> Placed:
    if case.dossier.procedure.level != "end_to_end":
        return None
    return online_submission_share(case)


def on_time_rate(case: Handled) -> Placed:
    if case.finished_at is None:
        return None
    due_at = case.state.due_at
    return case.finished_at, due_at is not None and case.finished_at <= due_at


def overdue_count(case: Handled) -> Placed:
    due_at = case.state.due_at
    if due_at is None:
        return None
    late = case.finished_at is not None and case.finished_at > due_at
    lying = case.state.status in OPEN and due_at < case.cutoff
    return case.received_at, late or lying


def pending_count(case: Handled) -> Placed:
    return case.received_at, case.state.status in OPEN


def postal_receipt_share(case: Handled) -> Placed:
    return case.received_at, case.dossier.channel == "postal"


def postal_return_share(case: Handled) -> Placed:
    if case.state.status != "returned" or case.state.returned_at is None:
        return None
    return case.state.returned_at, case.dossier.result_delivery == "postal"


def online_payment_share(case: Handled) -> Placed:
    if sum(case.dossier.procedure.fees) <= 0 or case.dossier.payment is None:
        return None
    return case.received_at, case.dossier.payment in GATEWAYS


def digitised_share(case: Handled) -> Placed:
    digitised = case.dossier.has_digitised_component
    return None if digitised is None else (case.received_at, digitised)


def electronic_result_share(case: Handled) -> Placed:
    has_result = case.dossier.has_electronic_result
    if case.finished_at is None or has_result is None:
        return None
    return case.finished_at, has_result


Rule = Callable[[Handled], Placed]
REQUESTS: tuple[Rule, ...] = (
    online_submission_share,
    end_to_end_share,
    postal_receipt_share,
    postal_return_share,
    online_payment_share,
    digitised_share,
)
"""What counts a citizen's request once: the parts of a bundle are left out."""
AGENCY_WORK: tuple[Rule, ...] = (
    on_time_rate,
    overdue_count,
    pending_count,
    electronic_result_share,
)
"""What counts the work of agencies: the requests for a bundle are left out."""


def _rules(dossier: Dossier) -> Iterator[Rule]:
    if dossier.is_request:
        yield from REQUESTS
    if dossier.is_agency_work:
        yield from AGENCY_WORK


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for dossier in nation.alive(source.source_id, since.date(), until.date()):
        version = dossier.version_before(until)
        if version and version.at >= since:
            yield State(version.at, dossier.code, dossier, version)


def handled(nation: Nation, source_id: str, cutoff: dt.datetime) -> Iterator[Handled]:
    """The real dossiers of a source that were received, as they stand at `cutoff`."""
    for dossier in nation.alive(source_id, nation.opens_on, (cutoff - ONE_DAY).date()):
        state = dossier.version_before(cutoff)
        if not dossier.is_real or not state or not state.received_at:
            continue
        if state.status not in ("registered", "refused"):
            yield Handled(dossier, state, state.received_at, cutoff)


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    for case in handled(nation, source.source_id, cutoff):
        for rule in _rules(case.dossier):
            placed = rule(case)
            if placed:
                under = case.dossier.decided_under(source.area)
                yield Case(rule.__name__, under, placed[0], int(placed[1]))
