"""Putting a night into the log, and classifying again the nights after it, in one commit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

import duckdb

from catalog.records import Record
from warehouse.lake.inputs import load_delta, logged_rows
from warehouse.lake.merge import Counts, classify, count_changes, write_changes
from warehouse.lake.opened import NightFacts, Opened
from warehouse.lake.state import State
from warehouse.lake.table import DataFile

STALE = "stale"
"""The fingerprint of a night classified again from the log: no input equals it, so merging that
night again classifies its unchanged rows too."""


class Rewrite:
    """The replacement of one night, and what follows from it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        record: Record,
        opened: Opened,
        reached: Callable[[str], object],
    ) -> None:
        self._connection = connection
        self._record = record
        self._opened = opened
        self._reached = reached
        self._files: list[DataFile] = []
        self._facts: dict[dt.date, NightFacts] = {}

    def replace(self, night: dt.date, rows: str, fingerprints: dict[str, str]) -> NightFacts:
        """Commit `rows`, already loaded as `delta`, as `night`; what was committed with it."""
        state = self._opened.state_before(night)
        state, counts = self._write(state, night, rows)
        self._facts[night] = {
            batch_id: {"fingerprint": fingerprint, **counts.get(batch_id, Counts()).as_dict()}
            for batch_id, fingerprint in fingerprints.items()
        }
        for later, facts in self._later(night).items():
            state = self._again(state, later, facts)
        self._commit(night)
        return self._facts[night]

    def _later(self, night: dt.date) -> dict[dt.date, NightFacts]:
        newest = self._opened.newest
        if newest is None or newest <= night:
            return {}
        return {on: facts for on, facts in self._opened.merged().items() if on > night}

    def _again(self, state: State, night: dt.date, facts: NightFacts) -> State:
        """Classify a later night's logged rows against the new `state` before it."""
        paths = self._opened.log.paths(self._opened.nights.get(night, []))
        rows = logged_rows(self._record, paths, self._opened.has_grown)
        load_delta(self._connection, self._record, rows)
        state, counts = self._write(state, night, rows)
        self._facts[night] = {
            batch_id: {
                "fingerprint": STALE,
                **counts.get(batch_id, Counts()).with_unchanged(old["unchanged"]).as_dict(),
            }
            for batch_id, old in facts.items()
        }
        return state

    def _write(self, state: State, night: dt.date, rows: str) -> tuple[State, dict[str, Counts]]:
        """Write `night`'s partition; the state after it and the counts of its batches."""
        classify(self._connection, self._record, state)
        path = self._opened.log.folder / f"night={night}" / f"{uuid.uuid4()}.parquet"
        written, size = write_changes(self._connection, self._record, rows, path)
        self._reached("merge:written")
        counts = count_changes(self._connection)
        if not written:
            path.unlink()
            return state, counts
        self._files.append(self._opened.log.written(path, written, size))
        return replace(state, nights={**state.nights, night: (str(path),)}), counts

    def _commit(self, night: dt.date) -> None:
        opened = self._opened
        replaced = [file for on in self._facts for file in opened.nights.get(on, [])]
        version = opened.log.version + 1
        marks = {
            "generation": opened.generation + opened.is_folded(night),
            "newest": max(night, opened.newest or night).toordinal(),
            **{f"night:{on}": version for on in self._facts},
        }
        facts = {"nights": {str(on): facts for on, facts in self._facts.items()}}
        self._reached("merge:before-commit")
        opened.log.commit(self._files, replaced, marks, facts)
        self._reached("merge:committed")
