"""The simulated nation: what every source would answer, for any day, from a seed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from random import Random
from typing import Any, NamedTuple

from catalog.areas import areas_of
from catalog.night import LOCAL_ZONE
from catalog.sources import Source, sources
from simulator.births import born
from simulator.clock import ONE_DAY
from simulator.defects import defect_of
from simulator.dossier import Dossier, Version
from simulator.habits import Habits, habits
from simulator.kinds import kind
from simulator.life import LONGEST
from simulator.wire import Row

SIZED_DAYS, SIZED_SOURCES = 90, 48
"""What `Nation.dossiers` counts: so many days of so many sources of the usual size. Fixed, so that
a further source changes nothing at the others."""
TOLD_BY_DAY = frozenset({"sftp_files", "sql_view"})
"""The platforms that keep the last change of each day, not only the last of all."""
CACHED_DOSSIERS, CACHED_WINDOWS = 150_000, 8
"""How much is kept in memory, at about 2 kB a dossier; what is dropped is drawn again."""


class Item(NamedTuple):
    """One row that a source delivers, not yet written out; its first three parts are the feed's
    order. `subject` is what `record` is about, `state` how it stands."""

    at: dt.datetime
    code: str
    copy: int
    record: str
    subject: Any
    state: Any

    def row(self) -> Row:
        """The row as sent, in the canonical words of ``docs/architecture.md``."""
        row = kind(self.record).row(self.subject, self.state)
        defect = defect_of(self.record, self.subject, self.state)
        return defect.apply(row, self.copy) if defect else row


Window = tuple[Item, ...]


@dataclass(frozen=True)
class Nation:
    """The nation of one `seed`. Nothing exists before `opens_on`; `dossiers` is roughly how many
    are born in the 90 days of 48 sources. `gamed` names the sources that game their figures, and in
    which way (``simulator/gaming``). Equal arguments, equal nation, until dossiers are deleted
    (``deleted``: by source and code, when)."""

    opens_on: dt.date
    dossiers: int = 60_000
    seed: int = 34
    gamed: Mapping[str, str] = field(default_factory=dict, hash=False)
    deleted: dict[str, dict[str, dt.datetime]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    asked_on: dict[str, frozenset[dt.date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources that live in the nation: their address starts with ``{nation``."""
        return {
            source_id: source
            for source_id, source in sources().items()
            if (source.url or source.folder).startswith("{nation")
        }

    @cached_property
    def habits(self) -> dict[str, Habits]:
        """How each source that handles dossiers works."""
        handling = {i: s for i, s in self.sources.items() if "dossier" in s.records}
        return {i: habits(self.seed, s, self.gamed.get(i, "")) for i, s in handling.items()}

    def handling(self, source: Source) -> list[str]:
        """Who handles the dossiers that `source` speaks of: itself, or the sources of its areas."""
        if source.source_id in self.habits:
            return [source.source_id]
        about = areas_of(source)
        return [source_id for source_id in self.habits if self.sources[source_id].area in about]

    @property
    def usual(self) -> float:
        """Dossiers born a day at a source of the usual size."""
        return self.dossiers / SIZED_DAYS / SIZED_SOURCES

    @cached_property
    def born(self) -> Callable[[str, dt.date], tuple[Dossier, ...]]:
        """All dossiers born at a source on a day, defective ones included; cached."""
        return lru_cache(maxsize=max(100, int(CACHED_DOSSIERS / self.usual)))(self._born)

    def _born(self, source_id: str, day: dt.date) -> tuple[Dossier, ...]:
        rng = Random(f"{self.seed}/{source_id}/{day}")
        return born(self.sources[source_id], self.habits[source_id], day, self.usual, rng)

    def alive(self, source_id: str, since: dt.date, through: dt.date) -> Iterator[Dossier]:
        """The dossiers of a source that may have changed from `since` through `through`."""
        for day in self.days(since, through):
            yield from self.born(source_id, day)

    def days(self, since: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days of birth of what may have changed from `since` through `through`."""
        day = max(self.opens_on, since - LONGEST)
        while day <= through:
            yield day
            day += ONE_DAY

    def delete(self, source_id: str, code: str, at: dt.datetime) -> None:
        """From `at` on the source neither lists a dossier nor says anything about it; the truth
        takes no notice. Raises KeyError for a source without dossiers."""
        if source_id not in self.habits:
            raise KeyError(source_id)
        self.deleted.setdefault(source_id, {})[code] = at

    def asked_at(self, source_id: str, before: dt.datetime) -> Iterator[dt.datetime]:
        """The midnights, through that of `before`, at which somebody asked a source. Files by day
        and views tell the last change of each day, whenever they are asked."""
        told_by_day = self.sources[source_id].platform in TOLD_BY_DAY
        asked_on = None if told_by_day else self.asked_on.get(source_id)
        day = self.opens_on
        while (midnight := dt.datetime.combine(day + ONE_DAY, dt.time())) <= before:
            if asked_on is None or day in asked_on:
                yield midnight
            day += ONE_DAY

    def window(self, source_id: str, record: str, since: dt.datetime, until: dt.datetime) -> Window:
        """What a feed delivers, in the feed's order; cached.

        One item for each key whose last change t before `until` satisfies since <= t, in its
        state at `until`. Times are local, without offset.
        """
        deleted = self.deleted.get(source_id, {})
        gone = frozenset(code for code, at in deleted.items() if at < until)
        return self._windows(source_id, record, since, until, gone)

    @cached_property
    def _windows(self) -> Callable[..., Window]:
        return lru_cache(maxsize=CACHED_WINDOWS)(self._window)

    def _window(
        self,
        source_id: str,
        record: str,
        since: dt.datetime,
        until: dt.datetime,
        gone: frozenset[str],
    ) -> Window:
        items: list[Item] = []
        for at, code, subject, state in kind(record).states(
            self, self.sources[source_id], since, until
        ):
            if isinstance(subject, Dossier) and subject.code in gone:
                continue
            defect = defect_of(record, subject, state)
            copies = range(defect.copies if defect else 1)
            items += [Item(at, code, copy, record, subject, state) for copy in copies]
        return tuple(sorted(items, key=lambda item: item[:3]))

    def expected_defects(
        self, source_id: str, record: str, since: dt.datetime, until: dt.datetime
    ) -> Counter[str]:
        """Kind -> how many rows of that window must end as the kind's declaration says.

        A pair of equal rows counts one duplicate; a pair of conflicting rows counts two.
        `since` and `until` are aware instants, or local times without offset.
        """
        found: Counter[str] = Counter()
        for item in self.window(source_id, record, local(since), local(until)):
            defect = defect_of(record, item.subject, item.state)
            if defect and item.copy < defect.counted:
                found[defect.kind] += 1
        return found

    def not_yet_received(self, source_id: str, since: dt.datetime, until: dt.datetime) -> int:
        """How many dossiers of that window are registered or refused without a reception time.

        Nothing is wrong with them, but they belong to no month yet and must be set aside.
        """
        if source_id not in self.habits:
            return 0
        window = self.window(source_id, "dossier", local(since), local(until))
        states = (item.state for item in window if item.copy == 0)
        return sum(isinstance(s, Version) and s.received_at is None for s in states)


def local(moment: dt.datetime) -> dt.datetime:
    """Wall-clock time in Viet Nam, without offset."""
    return moment.astimezone(LOCAL_ZONE).replace(tzinfo=None) if moment.tzinfo else moment
