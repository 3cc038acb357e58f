"""Folding nights of the log into the snapshot, rewriting only the months that changed enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from catalog.records import Record
from warehouse.lake.opened import LATE, Opened
from warehouse.lake.state import PARQUET, State, current_sql, literal, scan, state_columns
from warehouse.lake.table import DataFile

REWRITE_SHARE = 0.05
"""A month is rewritten when this share of its rows has a newer version; below it the newer
versions wait in `late`: rewriting all history for a thin tail is what costs."""


class Fold:
    """One compaction: the nights after the snapshot's last, but not the newest night."""

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
        self._parts = opened.parts()

    def run(self) -> None:
        """Fold what there is to fold in one commit of the snapshot."""
        through = self._last_night()
        if through is None:
            return
        newer = self._newer(through)
        self._load_changed(newer)
        months = self._months_to_rewrite()
        files = self._write(newer, months)
        self._reached("compact:written")
        marks = {"through": through.toordinal(), "generation": self._opened.generation}
        self._opened.snapshot.commit(files, self._replaced(months), marks, {})
        self._reached("compact:committed")
        self._opened.snapshot.vacuum()
        self._opened.log.vacuum()
        self._reached("compact:vacuumed")

    def _last_night(self) -> dt.date | None:
        newest = self._opened.newest
        nights = [on for on in self._opened.nights if newest is not None and on < newest]
        unfolded = [on for on in nights if not self._opened.is_folded(on)]
        return max(unfolded, default=None)

    def _newer(self, through: dt.date) -> State:
        """The layers above the months that this compaction takes in."""
        state = self._opened.state()
        nights = {on: paths for on, paths in state.nights.items() if on <= through}
        return State((), state.late, nights)

    def _load_changed(self, newer: State) -> None:
        query = current_sql(self._record, newer)
        self._connection.execute(
            f"CREATE TEMP TABLE changed AS SELECT key_hash, month FROM ({query})"
        )

    def _months_to_rewrite(self) -> list[str]:
        counts = self._connection.execute(
            "SELECT month, count(*) FROM changed GROUP BY month ORDER BY month"
        ).fetchall()
        return [month for month, count in counts if count > REWRITE_SHARE * self._rows(month)]

    def _rows(self, month: str) -> int:
        return sum(file.rows for file in self._parts.get(month, []))

    def _files(self, parts: Iterable[str]) -> list[DataFile]:
        return [file for part in parts for file in self._parts.get(part, [])]

    def _replaced(self, months: list[str]) -> list[DataFile]:
        if self._opened.through is None:
            return self._opened.snapshot.files()
        return self._files([*months, LATE])

    def _write(self, newer: State, months: list[str]) -> list[DataFile]:
        """New files for `months`, and one for the rest of `newer`, in the snapshot's folder."""
        snapshot = self._opened.snapshot
        columns = state_columns(self._record)
        names = ", ".join(columns)
        chosen = ", ".join(literal(month) for month in months) or "NULL"
        old = scan(snapshot.paths(self._files(months)), columns)
        written = self._connection.execute(f"""
            COPY (
                SELECT {names}, month AS part FROM {old} ANTI JOIN changed USING (key_hash)
                UNION ALL
                SELECT {names}, CASE WHEN month IN ({chosen}) THEN month ELSE '{LATE}' END AS part
                FROM ({current_sql(self._record, newer)})
            ) TO {literal(str(snapshot.folder))} (
                {PARQUET}, PARTITION_BY (part), APPEND,
                FILENAME_PATTERN '{{uuid}}'
            )""").fetchall()
        return [snapshot.written(Path(path), rows, size) for path, rows, size, *_ in written]
