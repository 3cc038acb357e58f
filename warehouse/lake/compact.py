"""Folding nights of the log into the snapshot, rewriting only the months that changed enough."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable

import duckdb

from catalog.records import Record
from warehouse.lake.opened import LATE, Opened
from warehouse.lake.state import (
    PARQUET,
    State,
    literal,
    newest_log_sql,
    scan,
    scan_log,
    state_columns,
)
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
        files = [self._write(newer, month, f"month = {literal(month)}") for month in months]
        rest = ", ".join(literal(month) for month in months)
        files.append(self._write(newer, LATE, f"month NOT IN ({rest})" if rest else "true"))
        self._reached("compact:written")
        marks = {"through": through.toordinal(), "generation": self._opened.generation}
        self._opened.snapshot.commit(
            [f for f in files if f.rows], self._replaced(months), marks, {}
        )
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
        return State((), state.late, nights, state.has_grown)

    def _load_changed(self, newer: State) -> None:
        """Make `changed`: the keys in `newer`, their month, and the night that holds the newest
        row, or null where it is in late."""
        late = scan(newer.late, state_columns(self._record), newer.has_grown)
        self._connection.execute(f"""
            CREATE TEMP TABLE changed AS
            WITH recent AS MATERIALIZED ({newest_log_sql(self._record, newer)})
            SELECT key_hash, night, month FROM recent
            UNION ALL
            SELECT key_hash, NULL, month FROM {late} ANTI JOIN recent USING (key_hash)""")
        # the optimizer may otherwise build its hash tables from the wide rows
        self._connection.execute("SET disabled_optimizers = 'build_side_probe_side'")

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

    def _write(self, newer: State, part: str, condition: str) -> DataFile:
        """Write one part: its old rows without newer ones, and the rows of `newer` that meet
        `condition`. Part by part, because a partitioned COPY holds all its parts in memory."""
        snapshot = self._opened.snapshot
        columns = state_columns(self._record)
        names = ", ".join(columns)
        old = snapshot.paths(self._files([part])) if part != LATE else ()
        grown = newer.has_grown
        path = snapshot.folder / f"part={part}" / f"{uuid.uuid4()}.parquet"
        path.parent.mkdir(exist_ok=True)
        _, rows, size, *_ = self._connection.execute(f"""
            COPY (
                SELECT {names} FROM {scan(old, columns, grown)} ANTI JOIN changed USING (key_hash)
                UNION ALL
                SELECT {names} FROM (FROM {scan(newer.late, columns, grown)} WHERE {condition})
                SEMI JOIN (FROM changed WHERE night IS NULL AND {condition}) USING (key_hash)
                UNION ALL
                SELECT {names} FROM (
                    FROM {scan_log(self._record, newer.log, has_grown=grown)}
                    WHERE change <> 'superseded' AND {condition}
                ) SEMI JOIN (FROM changed WHERE {condition}) USING (key_hash, night)
            ) TO {literal(str(path))} ({PARQUET})""").fetchall()[0]
        return snapshot.written(path, rows, size)
