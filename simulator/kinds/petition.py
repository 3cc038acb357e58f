"""Petitions (PAKN) about the units of every area of a source, and the truth about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.habits import WEEKDAYS
from simulator.kinds import Case, State
from simulator.kinds.petition_life import LONGEST, Clerk, Petition, is_on_time, kept_by
from simulator.kinds.places import area_days, citizen, is_province, size, telephone, unit
from simulator.kinds.scalars import flag
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

PER_DOSSIER, OF_MINISTRIES = 0.05, 0.3
"""Petitions for each dossier of a usual source, and the share of that which a ministry gets."""
TYPES, WEIGHTS = ("procedure", "staff", "regulation", "other"), (50, 15, 10, 25)


@lru_cache(maxsize=60_000)
def _born(seed: str, usual: float, area: str, day: dt.date) -> tuple[Petition, ...]:
    """The petitions received on one day about one area; a usual one has `usual` a day."""
    rng = Random(f"{seed}/{area}/{day}")
    share = size(area) if is_province(area) else OF_MINISTRIES
    count = int(usual * share * WEEKDAYS[day.weekday()] + rng.random())
    if not count:
        return ()
    clerk = Clerk(kept_by(f"{seed}/{area}"), rng)
    codes = (f"PAKN-{area}-{day:%y%m%d}-{number:03d}" for number in range(1, count + 1))
    return tuple(clerk.live(_petition(code, area, day, rng)) for code in codes)


def _petition(code: str, area: str, day: dt.date, rng: Random) -> Petition:
    at = dt.datetime.combine(day, dt.time(7)) + dt.timedelta(seconds=rng.randrange(36_000))
    about = rng.choices(TYPES, WEIGHTS)[0]
    return Petition(code, unit(area, rng), about, citizen(rng), telephone(rng), at)


def received(
    nation: Nation, source: Source, since: dt.date, through: dt.date
) -> Iterator[Petition]:
    """The petitions received from `since` through `through`."""
    seed, usual = f"{nation.seed}/{source.source_id}/petition", nation.usual * PER_DOSSIER
    for area, day in area_days(nation, source, since, through):
        yield from _born(seed, usual, area, day)


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for petition in received(nation, source, since.date() - LONGEST, until.date()):
        known = petition.before(until)
        if known and known.moments[-1] >= since:
            yield State(known.moments[-1], petition.code, petition, known)


def row(subject: Petition, state: Petition) -> dict[str, Any]:
    return {
        "MaPAKN": state.code,
        "MaDonVi": state.unit,
        "LoaiPAKN": words("petition_type")[state.petition_type],
        "TrangThai": words("petition_status")[state.status],
        "NgayTiepNhan": stamp(state.received_at),
        "NgayTuChoi": stamp(state.returned_at),
        "NgayYeuCauBoSung": stamp(state.supplement_requested_at),
        "NgayXuLy": stamp(state.resolved_at),
        "NgayCongKhai": stamp(state.published_at),
        "KhongHaiLong": flag(state.is_disliked if state.rated_at else None),
        "KienNghiLai": flag(bool(state.repeated_at) if state.resolved_at else None),
        "NguoiGui": state.sender,
        "SoDienThoai": state.telephone,
        "NoiDung": f"{state.sender} phản ánh việc giải quyết tại đơn vị {state.unit}",
        "NgayCapNhat": stamp(state.moments[-1]),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    return counted(received(nation, source, nation.opens_on, cutoff.date()), cutoff)


def counted(petitions: Iterable[Petition], cutoff: dt.datetime) -> Iterator[Case]:
    """What is known of them before `cutoff`, by the day of reception."""
    on = (cutoff - ONE_DAY).date()
    for petition in petitions:
        known = petition.before(cutoff)
        if known is None:
            continue
        at, area = known.received_at, known.area
        yield Case("petition_on_time_rate", area, at, int(is_on_time(known, on)))
        if known.rated_at:
            yield Case("petition_disliked_share", area, at, int(known.is_disliked))
