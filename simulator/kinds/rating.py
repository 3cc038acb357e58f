"""Ratings, by the system that handled the dossier or by the national portal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.sources import Source
from simulator.kinds import Case, State
from simulator.wire import rating_row as row

if TYPE_CHECKING:
    from simulator.nation import Nation

__all__ = ["cases", "row", "states"]


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    for source_id in nation.handling(source):
        for dossier in nation.alive(source_id, since.date(), until.date()):
            rating = dossier.rating_before(until)
            if rating and rating.at >= since:
                yield State(rating.at, dossier.code, dossier, rating)


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    opens_at = dt.datetime.combine(nation.opens_on, dt.time())
    for source_id in nation.handling(source):
        for _, _, dossier, rating in _of(nation, source_id, opens_at, cutoff):
            if dossier.is_real:
                pleased = rating.level != "dissatisfied"
                area = dossier.filed_under(nation.sources[source_id].area)
                yield Case("satisfaction_rating_share", area, rating.rated_at, int(pleased))


def _of(nation: Nation, source_id: str, since: dt.datetime, until: dt.datetime) -> Iterator[State]:
    return states(nation, nation.sources[source_id], since, until)
