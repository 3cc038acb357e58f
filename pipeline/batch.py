"""One source's delivery of one record kind on one night, and its files on the way."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import MotcuaError
from catalog.night import Night
from catalog.outcomes import LedgerRow, Stage
from catalog.records import Record, records
from catalog.settings import settings
from catalog.sources import Source, sources
from extractors import Delivery
from pipeline.stores import code_version, warehouse

USABLE = ("ok", "quarantined")
"""The verdicts of batches that go on to the merge."""


def due_sources(on: dt.date) -> list[Source]:
    """The sources that must report on that day."""
    return [source for source in sources().values() if source.is_due(on)]


def night_folder(on: dt.date) -> Path:
    """Where the night's tables lie between the verbs."""
    folder = settings().work_dir / on.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table so that a reader sees the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)


@dataclass(frozen=True)
class Batch:
    """See the module. `id` is the same for every run of the same night."""

    source: Source
    record: Record
    night: Night

    @property
    def id(self) -> str:
        return self.night.batch_id(self.source.source_id, self.record.kind)

    @classmethod
    def all_of(cls, source_id: str, on: dt.date) -> Iterator[Batch]:
        """The batches of one source on one night: one for each record kind that it sends, and on
        its day of reconciliation, after those, one for each list of keys."""
        source, is_day = sources()[source_id], sources()[source_id].reconciles_on_day == on.day
        for kind, record in sorted(records().items(), key=lambda item: bool(item[1].reconciles)):
            if kind in source.records or (is_day and record.reconciles in source.records):
                yield cls(source, record, Night(on))

    def path(self, name: str) -> Path:
        return night_folder(self.night.on) / self.id / f"{name}.parquet"

    def read(self, name: str) -> pa.Table:
        return pq.read_table(self.path(name), partitioning=None)

    def write(self, name: str, table: pa.Table) -> None:
        write_table(self.path(name), table)

    def manifest(self, delivery: Delivery, cursor: str, at: dt.datetime) -> dict[str, Any]:
        """The evidence of a collection: what was asked, when, and the hash of each answer.

        An empty answer moves no cursor: nobody can tell it from one that lost its rows.
        """
        return {
            "source_id": self.source.source_id,
            "record": self.record.kind,
            "batch_on": self.night.on.isoformat(),
            "collected_at": at.isoformat(timespec="seconds"),
            "code_version": code_version(),
            "cursor_before": cursor,
            "cursor_after": delivery.cursor_after if delivery.rows else cursor,
            "rows": delivery.rows,
            "bytes": delivery.bytes,
            "attempts": delivery.attempts,
            "pages": [asdict(page) for page in delivery.landed],
        }

    def ledger(self, stage: Stage, **facts: Any) -> LedgerRow:
        """A row of the ledger for one stage of this batch."""
        return LedgerRow(
            source_id=self.source.source_id,
            record=self.record.kind,
            batch_id=self.id,
            batch_on=self.night.on.isoformat(),
            stage=stage,
            code_version=code_version(),
            **facts,
        )

    def failed(self, stage: Stage, error: MotcuaError) -> LedgerRow:
        """The row of a stage that failed; the problem starts with the class of the error."""
        return self.ledger(stage, verdict="failed", problem=f"{type(error).__name__}: {error}")


def merged_batches(on: dt.date) -> list[Batch]:
    """The batches of a night that the lake holds."""
    ledger = {(row["batch_id"], row["stage"]): row for row in warehouse().ledger(on=on)}
    return [
        batch
        for source in due_sources(on)
        for batch in Batch.all_of(source.source_id, on)
        if (batch.id, "merge") in ledger and ledger[batch.id, "judge"]["verdict"] in USABLE
    ]
