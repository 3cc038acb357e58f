"""The national catalogue of procedures as the portal publishes it, and the truth about it.

A month's stock is what was valid on its last day, or on the last known day, by the catalogue as it
is now; it is counted for the publishing ministry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.kinds import Case, State
from simulator.kinds.catalogue import Offer, Procedure, catalogue
from simulator.kinds.periods import month_ends
from simulator.kinds.places import places
from simulator.kinds.registers import Entry, Version, known
from simulator.kinds.registers import states as standing_states
from simulator.kinds.scalars import day, flag
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

Listed = tuple[Procedure, Offer]
ONLINE = frozenset({"partial", "end_to_end"})
Test = Callable[[Procedure, Offer], bool]
COUNTS: dict[str, tuple[Test, Test]] = {
    "procedures_published_count": (lambda p, o: True, lambda p, o: True),
    "end_to_end_service_count": (lambda p, o: True, lambda p, o: o.level == "end_to_end"),
    "online_service_count": (lambda p, o: True, lambda p, o: o.level in ONLINE),
    "approved_service_count": (lambda p, o: True, lambda p, o: p.is_approved),
    "essential_service_count": (
        lambda p, o: p.essential is not None,
        lambda p, o: o.level in ONLINE,
    ),
}
"""Indicator -> of the valid procedures, which are counted, and which of these are in the number."""


def entries(nation: Nation, source: Source, until: dt.datetime) -> Iterator[Entry]:
    """What a source says of its ministries' procedures by the end of the month of `until`."""
    ministries = places(source)
    seed = f"{nation.seed}/{source.source_id}/procedure"
    for entry in catalogue(seed, until.date()):
        if entry.facts.ministry in ministries:
            yield entry


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    return standing_states(nation, entries(nation, source, until), since, until)


def row(subject: Procedure, state: Version) -> dict[str, Any]:
    offer: Offer = state.content
    return {
        "MATTHC": subject.code,
        "TENTTHC": subject.name_vi,
        "MACOQUANCONGBO": subject.ministry,
        "MALINHVUC": subject.field_code,
        "MUCDO": words("service_level")[offer.level],
        "DANHMUCPHEDUYET": flag(subject.is_approved),
        "SODVCTHIETYEU": str(subject.essential or ""),
        "COPHILEPHI": flag(subject.has_fee),
        "COKETQUA": flag(subject.requires_result),
        "CHOCONGDAN": flag(subject.is_for_citizens),
        "THOIHAN": str(subject.time),
        "DONVITHOIHAN": words("time_unit")[subject.time_unit],
        "NGAYCONGBO": day(subject.published_on),
        "NGAYBAIBO": day(offer.ended_on),
        "NGAYCAPNHAT": stamp(state.at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    listed = known(nation, entries(nation, source, cutoff), cutoff)
    return stock(listed, source.starts_on, (cutoff - ONE_DAY).date())


def stock(listed: Iterable[Listed], since: dt.date, on: dt.date) -> Iterator[Case]:
    """What the catalogue that is known on the day `on` held in each month from that of `since`."""
    by_ministry: dict[str, list[Listed]] = {}
    for procedure, offer in listed:
        by_ministry.setdefault(procedure.ministry, []).append((procedure, offer))
    for month, counted_on in month_ends(since, on):
        for ministry, own in by_ministry.items():
            valid = [listing for listing in own if is_valid(*listing, counted_on)]
            yield from _counted(ministry, month, valid)


def is_valid(procedure: Procedure, offer: Offer, on: dt.date) -> bool:
    """Whether it is in the catalogue on that day; on the day it ends it no longer is."""
    return procedure.published_on <= on and (offer.ended_on is None or offer.ended_on > on)


def _counted(ministry: str, month: dt.datetime, valid: list[Listed]) -> Iterator[Case]:
    for indicator, (is_counted, is_in) in COUNTS.items():
        counted = [listing for listing in valid if is_counted(*listing)]
        if counted:
            number = sum(is_in(*listing) for listing in counted)
            yield Case(indicator, ministry, month, number, len(counted), is_stock=True)
