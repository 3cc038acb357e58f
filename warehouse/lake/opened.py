"""One consistent view of a record's two Delta tables.

They are committed separately, so the snapshot says through which night it has folded the log,
and of which generation of the log. Changing a night that was already folded starts a new
generation, which makes the snapshot void until the next compaction rebuilds it. The snapshot is
opened first: the log opened after it holds at least everything that the snapshot has folded.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from catalog.records import Record
from warehouse.lake.state import State
from warehouse.lake.table import DataFile, Table

LATE = "late"
MONTH = pa.field("month", pa.string())
LOG_ONLY = [
    pa.field("batch_id", pa.string()),
    pa.field("change", pa.string()),
    pa.field("night", pa.date32()),
]

NightFacts = dict[str, dict[str, Any]]
"""Batch -> its fingerprint and counts, as committed with a night."""


class Opened:
    """The snapshot and the log of one record kind, each at one version."""

    def __init__(self, folder: Path, record: Record) -> None:
        columns = [*record.arrow_schema.remove_metadata(), MONTH]
        snapshot_schema = pa.schema([*columns, pa.field("part", pa.string())])
        self.snapshot = Table(folder / record.kind, snapshot_schema, "part")
        self.log = Table(
            folder / f"{record.kind}_version", pa.schema([*columns, *LOG_ONLY]), "night"
        )
        self.has_grown = self.snapshot.has_grown or self.log.has_grown
        self.generation = self.log.mark("generation") or 0
        self.through = self._folded_through()
        self.nights = self._nights()

    @property
    def newest(self) -> dt.date | None:
        """The newest night merged, with or without rows."""
        ordinal = self.log.mark("newest")
        return dt.date.fromordinal(ordinal) if ordinal else None

    def state(self) -> State:
        """The current state."""
        return self._state(self.nights)

    def state_through(self, night: dt.date) -> State:
        """What was known after `night`, from the log alone."""
        found = {on: files for on, files in self.nights.items() if on <= night}
        nights = {on: self.log.paths(files) for on, files in found.items()}
        return State(nights=nights, has_grown=self.has_grown)

    def state_before(self, night: dt.date) -> State:
        """What was known before `night`; slow where the snapshot already holds that night."""
        if self.is_folded(night):
            return self.state_through(night - dt.timedelta(days=1))
        return self._state({on: files for on, files in self.nights.items() if on < night})

    def state_after(self, night: dt.date) -> State:
        """What was known after `night`; slow where the snapshot holds a later one already."""
        return self.state_before(night + dt.timedelta(days=1))

    def is_folded(self, night: dt.date) -> bool:
        return self.through is not None and night <= self.through

    def parts(self) -> dict[str, list[DataFile]]:
        """Files of the snapshot by month, and under `LATE`; nothing while the snapshot is void."""
        parts: dict[str, list[DataFile]] = defaultdict(list)
        for file in self.snapshot.files() if self.through else []:
            parts[file.partition].append(file)
        return dict(parts)

    def facts_of(self, night: dt.date) -> NightFacts | None:
        """What was committed with `night`; None when it was never merged."""
        version = self.log.mark(f"night:{night}")
        if version is None:
            return None
        facts: NightFacts = self.log.facts_of(version)["nights"][str(night)]
        return facts

    def merged(self, version: int | None = None) -> dict[dt.date, NightFacts]:
        """Every night merged, in order, as that version of the log has it (else the newest); reads
        the whole history of the log."""
        found: dict[str, NightFacts] = {}
        for commit in self.log.facts():
            if version is not None and commit["version"] > version:
                continue
            for night, facts in commit.get("nights", {}).items():
                found.setdefault(night, facts)
        return {dt.date.fromisoformat(night): found[night] for night in sorted(found)}

    def _folded_through(self) -> dt.date | None:
        ordinal = self.snapshot.mark("through")
        if not ordinal or self.snapshot.mark("generation") != self.generation:
            return None
        return dt.date.fromordinal(ordinal)

    def _nights(self) -> dict[dt.date, list[DataFile]]:
        nights: dict[dt.date, list[DataFile]] = defaultdict(list)
        for file in self.log.files():
            nights[dt.date.fromisoformat(file.partition)].append(file)
        return dict(nights)

    def _state(self, nights: dict[dt.date, list[DataFile]]) -> State:
        parts = self.parts()
        late = self.snapshot.paths(parts.pop(LATE, []))
        months = self.snapshot.paths(file for files in parts.values() for file in files)
        since = {on: files for on, files in nights.items() if not self.is_folded(on)}
        recent = {on: self.log.paths(files) for on, files in since.items()}
        return State(months, late, recent, self.has_grown)
