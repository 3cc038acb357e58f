"""Form 06 (Circular 01/2020/TT-VPCP): what each period received, closed and left pending, counted
anew for every period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from catalog.sources import Source
from simulator.clock import ONE_DAY, next_month
from simulator.kinds import Case
from simulator.kinds.dossier import Handled, handled

if TYPE_CHECKING:
    from simulator.nation import Nation

ENDED = {"finished": "finished_at", "returned": "finished_at"} | dict.fromkeys(
    ("withdrawn", "stopped"), "rejected_at"
)


class Stay(NamedTuple):
    """A dossier's time with the administration; a day is local, none is not yet."""

    received_on: dt.date
    closed_at: dt.datetime | None
    closed_on: dt.date | None
    due_at: dt.datetime | None
    is_online: bool

    def is_pending(self, day: dt.date) -> bool:
        """At the end of the day."""
        return self.received_on <= day and (self.closed_on is None or self.closed_on > day)

    def is_overdue(self, day: dt.date) -> bool:
        """Pending at the end of the day, and nothing promised for later than that."""
        return self.is_pending(day) and (self.due_at is None or self.due_at.date() <= day)


class Span(NamedTuple):
    """A period: its days, and the last day of its first month."""

    name: str
    first: dt.date
    last: dt.date
    first_month_ends: dt.date

    def has(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def before(self) -> dt.date:
        return self.first - ONE_DAY if self.first > dt.date.min else self.first


def _stay(case: Handled) -> Stay:
    state = case.state
    closed_at = None
    if state.status in ENDED:
        stated = state.returned_at if ENDED[state.status] == "finished_at" else None
        closed_at = getattr(state, ENDED[state.status]) or stated or state.at
    received_on = case.received_at.date()
    closed_on = max(received_on, closed_at.date()) if closed_at else None
    is_online = case.dossier.channel == "online"
    return Stay(received_on, closed_at, closed_on, state.due_at, is_online)


def _is_early(stay: Stay) -> bool:
    return bool(stay.due_at and stay.closed_at and stay.closed_at.date() < stay.due_at.date())


def _is_late(stay: Stay) -> bool:
    return stay.due_at is None or (stay.closed_at is not None and stay.closed_at > stay.due_at)


FLOWS: dict[str, tuple[str, Callable[[Stay], bool]]] = {
    "form06_04_received_online": ("received_on", lambda s: s.is_online),
    "form06_05_received_direct": ("received_on", lambda s: not s.is_online),
    "form06_07_done_total": ("closed_on", lambda s: True),
    "form06_08_done_early": ("closed_on", _is_early),
    "form06_09_done_on_time": ("closed_on", lambda s: not _is_early(s) and not _is_late(s)),
    "form06_10_done_late": ("closed_on", lambda s: not _is_early(s) and _is_late(s)),
}
"""Column -> the day that places a dossier, and whether it is in the column."""
STOCKS: dict[str, Callable[[Stay, Span], bool]] = {
    "form06_03_received_total": lambda s, p: s.is_pending(p.before) or p.has(s.received_on),
    "form06_11_pending_total": lambda s, p: s.is_pending(p.last),
    "form06_12_pending_in_time": lambda s, p: s.is_pending(p.last) and not s.is_overdue(p.last),
    "form06_13_pending_overdue": lambda s, p: s.is_overdue(p.last),
}
"""Column -> whether a dossier is in it; of all that were received by the period's end."""


def _columns(stays: list[Stay], span: Span) -> Iterator[tuple[str, int, int]]:
    for code, (day, is_in) in FLOWS.items():
        placed = [stay for stay in stays if span.has(getattr(stay, day))]
        yield code, sum(map(is_in, placed)), len(placed)
    known = [stay for stay in stays if stay.received_on <= span.last]
    for code, is_there in STOCKS.items():
        yield code, sum(is_there(stay, span) for stay in known), len(known)
    carried = sum(stay.is_pending(span.before) for stay in stays)
    at_first = sum(stay.received_on <= span.first_month_ends for stay in stays)
    yield "form06_06_carried_over", carried, at_first


def _month_end(day: dt.date) -> dt.date:
    return next_month(dt.datetime(day.year, day.month, 1)).date() - ONE_DAY


def spans(opens_on: dt.date, on: dt.date) -> Iterator[Span]:
    """Every month, quarter and year from `opens_on` through the day `on`, and all time."""
    first = opens_on.replace(day=1)
    months = [first]
    while (after := _month_end(months[-1]) + ONE_DAY) <= on:
        months.append(after)
    named: dict[str, list[dt.date]] = {}
    for month in months:
        quarter = f"{month.year}-Q{(month.month + 2) // 3}"
        for name in (f"{month:%Y-%m}", quarter, str(month.year), "all"):
            named.setdefault(name, []).append(month)
    for name, own in named.items():
        begins = dt.date.min if name == "all" else own[0]
        yield Span(name, begins, min(_month_end(own[-1]), on), _month_end(own[0]))


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    if source.source_id not in nation.habits:
        return
    on = (cutoff - ONE_DAY).date()
    by_area: dict[str, list[Stay]] = {}
    for case in handled(nation, source.source_id, cutoff):
        if case.dossier.is_agency_work:
            by_area.setdefault(case.dossier.decided_under(source.area), []).append(_stay(case))
    for span, (area, stays) in product(spans(nation.opens_on, on), by_area.items()):
        at = dt.datetime.combine(span.last, dt.time())
        for code, numerator, denominator in _columns(stays, span):
            if denominator:
                yield Case(code, area, at, numerator, denominator, period=span.name)
