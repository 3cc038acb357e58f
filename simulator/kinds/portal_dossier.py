"""The national portal's side of the dossiers that were filed on it, and how well both sides match.

The portal follows each dossier a few minutes behind its source; a few it never shows, and a few it
shows that no source ever got.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

from catalog.sources import Source
from simulator.births import PORTAL_LAG, orphans
from simulator.clock import ONE_DAY
from simulator.dossier import Dossier, Version
from simulator.kinds import Case, State
from simulator.kinds.dossier import handled
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

__all__ = ["cases", "row", "states"]

SETTLED = ONE_DAY * 3
"""How long the two sides have to agree before a dossier is compared."""
NOT_RECEIVED = ("registered", "refused")


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for source_id in nation.handling(source):
        yield from _shared(nation, source_id, since, until)
        yield from _orphaned(nation, source_id, since, until)


def _shared(
    nation: Nation, source_id: str, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for dossier in nation.alive(source_id, (since - PORTAL_LAG).date(), until.date()):
        yield from _shown(dossier, since, until)


def _orphaned(
    nation: Nation, source_id: str, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    source, habits = nation.sources[source_id], nation.habits[source_id]
    for day in nation.days(since.date(), until.date()):
        rng = Random(f"{nation.seed}/{source_id}/{day}/portal")
        for dossier in orphans(source, habits, day, nation.born(source_id, day), rng):
            yield from _shown(dossier, since, until)


def _shown(dossier: Dossier, since: dt.datetime, until: dt.datetime) -> Iterator[State]:
    """How the portal shows a dossier at `until`, if that changed from `since` on."""
    lag = dossier.portal_lag
    version = None if lag is None else dossier.version_before(until - lag)
    if lag is not None and version and version.at + lag >= since:
        yield State(version.at + lag, dossier.code, dossier, version)


def row(dossier: Dossier, version: Version) -> dict[str, Any]:
    """The row of DongBoTrangThaiHoSo."""
    lag = dossier.portal_lag or dt.timedelta()
    return {
        "MaHoSo": dossier.code,
        "TrangThai": words("status", "portal_state")[version.status],
        "MaDoiTuong": f"vi-du-{dossier.applicant_number}",
        "NgayNopHoSo": stamp(dossier.submitted_at),
        "NgayCapNhat": stamp(version.at + lag),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    for source_id in nation.handling(source):
        yield from _matched(nation, source_id, cutoff)
        yield from _compared(nation, source_id, cutoff)


def _matched(nation: Nation, source_id: str, cutoff: dt.datetime) -> Iterator[Case]:
    """Of the requests that the source received from the portal: those that the portal shows."""
    area, ever = nation.sources[source_id].area, dt.datetime.min
    for case in handled(nation, source_id, cutoff):
        dossier = case.dossier
        is_filed = dossier.filed_on_portal and dossier.is_request
        if is_filed and case.received_at <= cutoff - SETTLED:
            is_shown = any(_shown(dossier, ever, cutoff))
            yield Case(
                "portal_match_rate", dossier.decided_under(area), case.received_at, int(is_shown)
            )


def _compared(nation: Nation, source_id: str, cutoff: dt.datetime) -> Iterator[Case]:
    """Of the dossiers that the portal shows as received: those that the source never received."""
    opens_at = dt.datetime.combine(nation.opens_on, dt.time())
    for found, is_orphan in ((_shared, False), (_orphaned, True)):
        for _, _, dossier, version in found(nation, source_id, opens_at, cutoff):
            if version.status in NOT_RECEIVED or dossier.submitted_at > cutoff - SETTLED:
                continue
            area = dossier.filed_under(nation.sources[source_id].area)
            yield Case("portal_orphan_count", area, dossier.submitted_at, int(is_orphan))
