"""The list of all dossiers that a source still holds from one month of reception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog.sources import Source
from simulator.clock import next_month
from simulator.dossier import Dossier, Version
from simulator.kinds import Case, State
from simulator.wire import stamp

if TYPE_CHECKING:
    from simulator.nation import Nation

__all__ = ["cases", "row", "states"]


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    """`since` is the first instant of the month; what is listed is as of `until`."""
    ends = next_month(since)
    for dossier in nation.alive(source.source_id, since.date(), min(ends, until).date()):
        state = dossier.version_before(until)
        if dossier.is_real and state and state.received_at and since <= state.received_at < ends:
            yield State(state.at, dossier.code, dossier, state)


def row(dossier: Dossier, state: Version) -> dict[str, Any]:
    """The row of DanhSachMaHoSo."""
    return {
        "MaHoSo": dossier.code,
        "NgayTiepNhan": stamp(state.received_at),
        "NgayCapNhat": stamp(state.at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    """None: a list of keys tells of deletions, and the truth takes no notice of those."""
    return iter(())
