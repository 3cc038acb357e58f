"""A Delta table whose Parquet files are written by DuckDB and committed by delta-rs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction

from catalog.errors import LakeError

RETENTION = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}
"""Commits are never forgotten: they hold the counts and fingerprints of every night."""

GROWN = "motcua.grown"
"""The property of a table that was given columns after its first files were written."""

VACUUM_AFTER_HOURS = 168
"""Files that no version needs any more stay this long for readers that still hold their names."""


@dataclass(frozen=True)
class DataFile:
    """One Parquet file of a table: path below the table's folder, its one partition value."""

    path: str
    partition: str
    rows: int
    bytes: int


class Table:
    """One version of a Delta table with a single partition column, opened or created.

    Marks are named integers kept by Delta as application transactions; facts are the free
    metadata of one commit. Columns that `schema` has and the table lacks are added to it when it
    is opened; `has_grown` tells that older files may lack some.
    """

    def __init__(self, folder: Path, schema: pa.Schema, partition_by: str) -> None:
        self.folder = folder
        self._schema = schema
        self._partition_by = partition_by
        if not DeltaTable.is_deltatable(str(folder)):
            DeltaTable.create(
                str(folder),
                schema,
                mode="ignore",
                partition_by=partition_by,
                configuration=RETENTION,
            )
        self._delta = DeltaTable(str(folder))
        self._grow()
        self.has_grown = GROWN in self._delta.metadata().configuration

    def _grow(self) -> None:
        known = {field.name for field in self._delta.schema().fields}
        new = [field.with_nullable(True) for field in self._schema if field.name not in known]
        if not new:
            return
        try:
            self._delta.alter.set_table_properties({GROWN: "true"}, raise_if_not_exists=False)
            self._delta.alter.add_columns(Schema.from_arrow(pa.schema(new)).fields)
        except DeltaError as error:
            raise LakeError(f"{self.folder.name}: cannot be given new columns") from error

    @property
    def version(self) -> int:
        return self._delta.version()

    def files(self) -> list[DataFile]:
        """The live files of this version, in a stable order."""
        actions = self._delta.get_add_actions(flatten=True)
        names = ("path", f"partition.{self._partition_by}", "num_records", "size_bytes")
        columns = [actions[name].to_pylist() for name in names]
        found = [DataFile(p, str(v), n, b) for p, v, n, b in zip(*columns, strict=True)]
        return sorted(found, key=lambda file: (file.partition, file.path))

    def paths(self, files: Iterable[DataFile]) -> tuple[str, ...]:
        return tuple(str(self.folder / file.path) for file in files)

    def written(self, path: Path, rows: int, size: int) -> DataFile:
        """The description of a file that DuckDB wrote into a partition's folder."""
        value = path.parent.name.partition("=")[2]
        return DataFile(str(path.relative_to(self.folder)), value, rows, size)

    def mark(self, name: str) -> int | None:
        """The integer last committed under `name`, or None."""
        return self._delta.transaction_version(name)

    def facts(self) -> list[dict[str, Any]]:
        """The metadata of every commit, newest first."""
        return self._delta.history()

    def facts_of(self, version: int) -> dict[str, Any]:
        """The metadata of the commit that made `version`."""
        history = self._delta.history(self.version - version + 1)
        return next(entry for entry in history if entry["version"] == version)

    def commit(
        self,
        add: Sequence[DataFile],
        remove: Sequence[DataFile],
        marks: Mapping[str, int],
        facts: Mapping[str, Any],
    ) -> None:
        """Add and remove files in one commit, directly on top of the version opened.

        Raises LakeError when another writer committed in between: what was written was derived
        from a state that is no longer the newest.
        """
        properties = CommitProperties(
            custom_metadata=dict(facts),
            max_commit_retries=0,
            app_transactions=[Transaction(name, value) for name, value in marks.items()],
        )
        clock = int(time.time() * 1000)  # Delta's own, for vacuum; never part of the data
        actions: list[AddAction | RemoveAction] = [self._add(file, clock) for file in add]
        actions += [self._remove(file, clock) for file in remove]
        try:
            self._delta.create_write_transaction(
                actions, "append", self._schema, self._partition_by, commit_properties=properties
            )
        except CommitFailedError as error:
            raise LakeError(f"{self.folder.name}: another writer committed first") from error

    def vacuum(self) -> None:
        """Delete files that no version of the last week refers to."""
        self._delta.vacuum(VACUUM_AFTER_HOURS, dry_run=False, full=True)

    def _add(self, file: DataFile, clock: int) -> AddAction:
        partition = {self._partition_by: file.partition}
        stats = f'{{"numRecords": {file.rows}}}'
        return AddAction(file.path, file.bytes, partition, clock, True, stats)

    def _remove(self, file: DataFile, clock: int) -> RemoveAction:
        partition: dict[str, str | None] = {self._partition_by: file.partition}
        return RemoveAction(file.path, True, clock, file.bytes, partition)
