"""The lake's front door: merge a night, read the current state, compact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.records import Record
from warehouse.lake.compact import Fold
from warehouse.lake.fingerprint import Known
from warehouse.lake.inputs import batch_rows, fingerprints, load_delta, refuse_nulls
from warehouse.lake.merge import Counts
from warehouse.lake.opened import Opened
from warehouse.lake.rewrite import Rewrite
from warehouse.lake.since import changes_sql
from warehouse.lake.state import State, current_sql, log_columns, scan_log

STEPS = (
    "merge:opened",
    "merge:loaded",
    "merge:written",
    "merge:before-commit",
    "merge:committed",
    "compact:opened",
    "compact:written",
    "compact:committed",
    "compact:vacuumed",
)
"""Where a process may die: `Lake.reached` is called with each of these names."""


class Lake:
    """Delta tables below `folder`: ``<kind>_version``, the log, and ``<kind>``, the snapshot.

    `memory_limit` bounds DuckDB ("1GB"); larger work spills below `folder`. One writer at a time:
    of two that start from the same version the second gets a LakeError.
    """

    def __init__(self, folder: Path, memory_limit: str) -> None:
        self.folder = folder
        self.memory_limit = memory_limit
        self.reached: Callable[[str], object] = lambda step: None

    def merge(self, record: Record, night: Night, batches: Mapping[str, Path]) -> dict[str, Counts]:
        """Replace `night` in the log by `batches` (batch id -> Parquet of its accepted rows).

        One commit; none when the night already holds the same rows. Raises LakeError where a row
        has no key, version time or month, and when another writer came first.

        When a past night changes, the nights after it are classified again in the same commit.
        Their unchanged rows were never kept: merge those nights again to have them reconsidered.
        """
        opened = Opened(self.folder, record)
        self.reached("merge:opened")
        with self._connect() as connection:
            rows = batch_rows(connection, record, batches)
            load_delta(connection, record, rows)
            refuse_nulls(connection, record)
            found = dict.fromkeys(batches, "") | fingerprints(connection)
            self.reached("merge:loaded")
            known = opened.facts_of(night.on)
            if known is None or {b: f["fingerprint"] for b, f in known.items()} != found:
                rewrite = Rewrite(connection, record, opened, self.reached)
                known = rewrite.replace(night.on, rows, found)
        return {batch_id: Counts.of(facts) for batch_id, facts in known.items()}

    def compact(self, record: Record) -> None:
        """Fold the log into the snapshot, all but the newest night; nothing to fold, no commit."""
        opened = Opened(self.folder, record)
        self.reached("compact:opened")
        with self._connect() as connection:
            Fold(connection, record, opened, self.reached).run()

    def current(self, record: Record) -> str:
        """A table expression for the newest version of every key: the record's columns and `month`.

        It names the files of one moment, so what it reads never changes; vacuum keeps those files
        for a week.
        """
        return f"({current_sql(record, self.state(record))})"

    def current_as_of(self, record: Record, night: Night) -> str:
        """A table expression for the current state as it was after `night`: from the snapshot while
        that holds no later night, else from the log alone, which costs more."""
        return f"({current_sql(record, self.state(record, night))})"

    def state(self, record: Record, night: Night | None = None) -> State:
        """The files that hold the current state, or that of `night`, for another engine to read."""
        opened = Opened(self.folder, record)
        return opened.state_after(night.on) if night else opened.state()

    def versions(self, record: Record) -> str:
        """A table expression for the log: all of `current` and `batch_id`, `change`, `night`."""
        opened = Opened(self.folder, record)
        files = [file for night in sorted(opened.nights) for file in opened.nights[night]]
        columns = ", ".join(log_columns(record))
        logged = scan_log(record, opened.log.paths(files), has_grown=opened.has_grown)
        return f"(SELECT {columns} FROM {logged})"

    def changes(self, record: Record, night: Night, through: Night) -> pa.Table:
        """The keys whose content differs between the states after `night` and after `through`:
        key_hash, and its cause (late_data, progress or source_correction)."""
        with self._connect() as connection:
            query = changes_sql(record, Opened(self.folder, record), night, through)
            return connection.sql(query).to_arrow_table()

    def known(self, record: Record, night: Night, version: int | None = None) -> Known:
        """What was merged of the nights through that one; as of a version of the log, or now."""
        return Known.of(Opened(self.folder, record), night, version)

    def nights(self, record: Record) -> list[dt.date]:
        """The nights merged, oldest first, those without rows too."""
        return list(Opened(self.folder, record).merged())

    def newest(self, record: Record) -> dt.date | None:
        """The newest night merged."""
        return Opened(self.folder, record).newest

    def unfolded_nights(self, record: Record) -> int:
        """How many nights of the log the snapshot does not hold yet."""
        return len(Opened(self.folder, record).state().nights)

    @contextmanager
    def _connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.memory_limit,
            "temp_directory": str(self.folder / ".spill"),
            "preserve_insertion_order": False,
        }
        with duckdb.connect(config=config) as connection:
            yield connection.execute("SET enable_progress_bar = false")
