"""Dossiers and results at the post, as the operator states them, and the truth about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

from catalog.sources import Source
from simulator.habits import WEEKDAYS
from simulator.kinds import Case, State
from simulator.kinds.places import area_days, citizen, size, unit
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

PER_DOSSIER = 0.2
"""Items for each dossier of a usual source: some come, more results go out."""
LONGEST = dt.timedelta(days=20)
"""No item is delivered later than so long after it was accepted."""


@dataclass(frozen=True)
class PostalItem:
    """An item with its delivery, or with what was known of it at some time."""

    code: str
    unit: str
    direction: str
    sender: str
    accepted_at: dt.datetime
    delivered_at: dt.datetime | None

    @property
    def area(self) -> str:
        return self.unit.partition(".")[0]

    def before(self, moment: dt.datetime) -> PostalItem | None:
        """The item as known at `moment`; None when it had not been accepted."""
        if self.accepted_at >= moment:
            return None
        if self.delivered_at and self.delivered_at >= moment:
            return replace(self, delivered_at=None)
        return self


@lru_cache(maxsize=20_000)
def _born(seed: str, usual: float, area: str, day: dt.date) -> tuple[PostalItem, ...]:
    """The items accepted on one day for one area; a usual one has `usual` a day."""
    rng = Random(f"{seed}/{area}/{day}")
    count = int(usual * size(area) * WEEKDAYS[day.weekday()] + rng.random())
    numbers = range(1, count + 1)
    return tuple(_item(f"{area}{day:%y%m%d}{n:04d}VN", area, day, rng) for n in numbers)


def _item(code: str, area: str, day: dt.date, rng: Random) -> PostalItem:
    at = dt.datetime.combine(day, dt.time(7, 30)) + dt.timedelta(seconds=rng.randrange(34_000))
    slow = 14 if rng.random() < 0.05 else 4
    delivered_at = at + dt.timedelta(seconds=rng.randrange(43_200, 43_200 + slow * 86_400))
    is_lost = rng.random() < 0.015
    direction = "return" if rng.random() < 0.8 else "receipt"
    sent = (unit(area, rng), direction, citizen(rng), at)
    return PostalItem(code, *sent, None if is_lost else delivered_at)


def _accepted(
    nation: Nation, source: Source, since: dt.date, through: dt.date
) -> Iterator[PostalItem]:
    seed, usual = f"{nation.seed}/{source.source_id}/postal_item", nation.usual * PER_DOSSIER
    for area, day in area_days(nation, source, since, through):
        yield from _born(seed, usual, area, day)


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for item in _accepted(nation, source, since.date() - LONGEST, until.date()):
        known = item.before(until)
        at = known and (known.delivered_at or known.accepted_at)
        if at and at >= since:
            yield State(at, item.code, item, known)


def row(subject: PostalItem, state: PostalItem) -> dict[str, Any]:
    return {
        "SoHieuBuuGui": state.code,
        "MaDonVi": state.unit,
        "ChieuGui": words("postal_direction")[state.direction],
        "NgayNhanGui": stamp(state.accepted_at),
        "NgayPhat": stamp(state.delivered_at),
        "NguoiGui": state.sender,
        "DiaChi": "Số 0, đường Giả Định",
        "NgayCapNhat": stamp(state.delivered_at or state.accepted_at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    return counted(_accepted(nation, source, nation.opens_on, cutoff.date()), cutoff)


def counted(items: Iterable[PostalItem], cutoff: dt.datetime) -> Iterator[Case]:
    """What is known of them before `cutoff`, by the day of acceptance."""
    for item in items:
        known = item.before(cutoff)
        if known:
            at, area = known.accepted_at, known.area
            yield Case("postal_item_count", area, at, 1)
            yield Case("postal_delivered_share", area, at, int(known.delivered_at is not None))
