"""Steps in the handling of dossiers that are worth telling, and who apologises when late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog import codelists
from catalog.sources import Source
from simulator.dossier import Dossier, Event
from simulator.kinds import Case, State
from simulator.kinds.dossier import handled, overdue_count
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

__all__ = ["cases", "row", "states"]


def _code(dossier: Dossier, event: Event) -> str:
    """Sources number no events: the dossier, the time and the status tell them apart."""
    return f"{dossier.code}/{stamp(event.happened_at)}/{words('status')[event.state.status]}"


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for dossier in nation.alive(source.source_id, since.date(), until.date()):
        for event in dossier.events:
            if dossier.is_real and since <= event.at < until:
                yield State(event.at, _code(dossier, event), dossier, event)


def row(dossier: Dossier, event: Event) -> dict[str, Any]:
    """The row of CapNhatTienDoHoSoMC."""
    return {
        "MaHoSo": dossier.code,
        "NguoiXuLy": f"Cán bộ Thử {dossier.code[-2:]}",
        "ChucDanh": "Chuyên viên",
        "ThoiDiemXuLy": stamp(event.happened_at),
        "PhongBanXuLy": dossier.unit_name,
        "NoiDungXuLy": codelists.name_of("event", event.kind),
        "TrangThai": words("status")[event.state.status],
        "NgayBatDau": stamp(event.state.received_at),
        "NgayKetThucTheoQuyDinh": stamp(event.state.due_at),
        "NgayCapNhat": stamp(event.at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    for case in handled(nation, source.source_id, cutoff):
        placed = overdue_count(case)
        if case.dossier.is_agency_work and placed and placed[1]:
            known = (e for e in case.dossier.events if max(e.at, e.happened_at) < cutoff)
            apologised = any(event.kind == "apology_issued" for event in known)
            under = case.dossier.decided_under(source.area)
            yield Case("apology_share", under, placed[0], int(apologised))
