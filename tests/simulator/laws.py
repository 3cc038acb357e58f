"""What holds for the feed of every record kind, whatever it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from catalog.sources import Source
from simulator import Nation
from simulator.kinds import State, kind
from simulator.truth import Counts, truth

OPENS_ON = dt.date(2026, 9, 1)
OPENS = dt.datetime(2026, 9, 1)
DAYS = 60
ENDS = OPENS + dt.timedelta(days=DAYS)
Rows = dict[str, dict[str, Any]]


def declared(record: str, *reports_for: str, **words: Any) -> Source:
    """A source of one record kind that no file declares."""
    usual = {"source_id": "thu_nghiem", "name_vi": "Thử nghiệm", "area": "G22", "platform": "any"}
    legal = {"starts_on": dt.date(2025, 7, 1), "legal_basis": "Thử nghiệm"}
    about = {"records": [record], "reports_for": list(reports_for)}
    return Source(**{**usual, **legal, **about, **words})


@dataclass(frozen=True)
class OneVoice(Nation):
    """A nation of one source."""

    voice: Source | None = field(default=None, compare=False)

    @property
    def sources(self) -> dict[str, Source]:
        return {self.voice.source_id: self.voice} if self.voice else {}


def small() -> Nation:
    """A nation drawn anew."""
    return Nation(OPENS_ON, dossiers=20_000, seed=7)


def states(nation: Nation, source: Source, since: dt.datetime, until: dt.datetime) -> list[State]:
    return list(kind(source.records[0]).states(nation, source, since, until))


def held(nation: Nation, source: Source, cuts: Sequence[dt.datetime]) -> Rows:
    """What a reader holds who asks for one window after the other."""
    row, rows = kind(source.records[0]).row, Rows()
    for since, until in pairwise(cuts):
        for state in states(nation, source, since, until):
            assert since <= state.at < until
            rows[state.code] = row(state.subject, state.state)
    return rows


def assert_windows_end_where_one_window_ends(source: Source, offsets: Sequence[int]) -> None:
    """`offsets` in seconds after the nation's opening are where the windows meet."""
    cuts = [OPENS + dt.timedelta(seconds=offset) for offset in sorted(offsets)]
    whole = held(small(), source, [OPENS, ENDS])
    assert whole
    assert held(small(), source, [OPENS, *cuts, ENDS]) == whole


def assert_feed_is_lawful(source: Source, key: str, stamp: str = "NgayCapNhat") -> None:
    """Each key once, in rows of strings stamped with their versions; the same from any nation
    that equals, another from another seed; nothing before the nation opens."""
    found = states(small(), source, OPENS, ENDS)
    rows = [kind(source.records[0]).row(state.subject, state.state) for state in found]
    codes = [state.code for state in found]
    assert len(codes) == len(set(codes)) > 10
    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert [row[stamp] for row in rows] == [f"{state.at:%Y%m%d%H%M%S}" for state in found]
    if key:
        assert [row[key] for row in rows] == codes
    other = Nation(OPENS_ON, dossiers=20_000, seed=8)
    whole = held(small(), source, [OPENS, ENDS])
    assert held(small(), source, [OPENS, ENDS]) == whole != held(other, source, [OPENS, ENDS])
    assert states(small(), source, OPENS - dt.timedelta(days=900), OPENS) == []


def told(source: Source, on: dt.date) -> Counts:
    """The truth of a nation in which nobody else speaks."""
    return truth(OneVoice(OPENS_ON, dossiers=20_000, seed=7, voice=source), on)
