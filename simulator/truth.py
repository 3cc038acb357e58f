"""The truth: what every indicator must be, counted from the nation's own lives.

Follows the definitions of ``docs/architecture.md`` ("The first indicators") in plain Python; it
knows neither the wire format nor any SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from catalog.areas import NATION, areas
from simulator.clock import ONE_DAY
from simulator.dossier import DONE, Dossier, Version
from simulator.nation import Nation

Key = tuple[str, str, str]
Counts = dict[Key, tuple[int, int]]

OPEN = frozenset({"received", "processing", "supplement_requested", "payment_requested"})
GATEWAYS = frozenset({"national_portal", "agency_gateway"})


class Case(NamedTuple):
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


def online_submission_share(case: Case) -> Placed:
    return case.received_at, case.dossier.channel == "online"


def end_to_end_share(case: Case) -> Placed:
    if case.dossier.procedure.level != "end_to_end":
        return None
    return online_submission_share(case)


def on_time_rate(case: Case) -> Placed:
    if case.finished_at is None:
        return None
    due_at = case.state.due_at
    return case.finished_at, due_at is not None and case.finished_at <= due_at


def on_time_rate_766(case: Case) -> Placed:
    due_at, supplements = case.state.due_at, case.state.supplements
    if due_at is None or len(supplements) > 1:
        return case.received_at, False
    end = _end_766(case)
    for asked_at, answered_at in supplements:
        if answered_at is not None and answered_at <= end:
            end -= answered_at - asked_at
    return case.received_at, end <= due_at


def _end_766(case: Case) -> dt.datetime:
    state = case.state
    stated = state.finished_at or state.returned_at
    if stated is None and state.status in ("stopped", "withdrawn"):
        stated = state.rejected_at
    if stated is None and state.status == "supplement_requested":
        stated = state.supplements[0].requested_at
    return stated or min(_next_month(case.received_at), case.cutoff)


def _next_month(moment: dt.datetime) -> dt.datetime:
    first = dt.datetime(moment.year, moment.month, 1)
    return (first + ONE_DAY * 32).replace(day=1)


def overdue_count(case: Case) -> Placed:
    due_at = case.state.due_at
    if due_at is None:
        return None
    late = case.finished_at is not None and case.finished_at > due_at
    lying = case.state.status in OPEN and due_at < case.cutoff
    return case.received_at, late or lying


def pending_count(case: Case) -> Placed:
    return case.received_at, case.state.status in OPEN


def postal_receipt_share(case: Case) -> Placed:
    return case.received_at, case.dossier.channel == "postal"


def postal_return_share(case: Case) -> Placed:
    if case.state.status != "returned" or case.state.returned_at is None:
        return None
    return case.state.returned_at, case.dossier.result_delivery == "postal"


def online_payment_share(case: Case) -> Placed:
    if sum(case.dossier.procedure.fees) <= 0 or case.dossier.payment is None:
        return None
    return case.received_at, case.dossier.payment in GATEWAYS


def digitised_share(case: Case) -> Placed:
    digitised = case.dossier.has_digitised_component
    return None if digitised is None else (case.received_at, digitised)


def electronic_result_share(case: Case) -> Placed:
    has_result = case.dossier.has_electronic_result
    if case.finished_at is None or has_result is None:
        return None
    return case.finished_at, has_result


INDICATORS: dict[str, Callable[[Case], Placed]] = {
    rule.__name__: rule
    for rule in (
        online_submission_share,
        end_to_end_share,
        on_time_rate,
        on_time_rate_766,
        overdue_count,
        pending_count,
        postal_receipt_share,
        postal_return_share,
        online_payment_share,
        digitised_share,
        electronic_result_share,
    )
}
"""The indicators about dossiers; `satisfaction_rating_share` is about ratings."""


def _cases(nation: Nation, source_id: str, cutoff: dt.datetime) -> Iterator[tuple[str, Placed]]:
    """Each indicator with its answer, for every dossier and rating known before `cutoff`."""
    for dossier in nation.alive(source_id, nation.opens_on, (cutoff - ONE_DAY).date()):
        if not dossier.is_real:
            continue
        state = dossier.version_before(cutoff)
        if state and state.received_at and state.status not in ("registered", "refused"):
            case = Case(dossier, state, state.received_at, cutoff)
            for indicator, rule in INDICATORS.items():
                yield indicator, rule(case)
        rating = dossier.rating_before(cutoff)
        if rating:
            pleased = rating.level != "dissatisfied"
            yield "satisfaction_rating_share", (rating.rated_at, pleased)


def _months(nation: Nation, cutoff: dt.datetime) -> Counter[tuple[str, str, int, int, bool]]:
    """How often each answer was given, by area and month; True counts in the numerator."""
    counts: Counter[tuple[str, str, int, int, bool]] = Counter()
    for source_id, source in nation.sources.items():
        for indicator, placed in _cases(nation, source_id, cutoff):
            if placed:
                moment, counted = placed
                counts[indicator, source.area, moment.year, moment.month, counted] += 1
    return counts


def _periods(year: int, month: int) -> tuple[str, ...]:
    return f"{year}-{month:02d}", f"{year}-Q{(month + 2) // 3}", str(year), "all"


def truth(nation: Nation, on: dt.date) -> Counts:
    """(indicator, area, period) -> (numerator, denominator), as known at the end of the day `on`.

    Areas are those that have a source in the nation, and VN for those in the national totals;
    periods are ``2026-11``, ``2026-Q4``, ``2026`` and ``all``. What is not there is 0/0.
    """
    cutoff = dt.datetime.combine(on + ONE_DAY, dt.time())
    numerators: Counter[Key] = Counter()
    denominators: Counter[Key] = Counter()
    for (indicator, area, year, month, counted), count in _months(nation, cutoff).items():
        shown = (area, NATION) if areas()[area].in_national_totals else (area,)
        for key in ((indicator, a, p) for a in shown for p in _periods(year, month)):
            denominators[key] += count
            numerators[key] += count if counted else 0
    return {key: (numerators[key], denominators[key]) for key in denominators}
