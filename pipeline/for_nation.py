"""The verbs that treat the whole nation on one night: merge, measure, publish, notify."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import fields

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import PublicationError
from catalog.night import Night
from catalog.records import Record, stored_records
from catalog.settings import settings
from pipeline import (
    counting,
    detections,
    incidents,
    messages,
    operators,
    replays,
    rule_changes,
    score_cards,
)
from pipeline.batch import USABLE, Batch, due_sources, night_folder, write_table
from pipeline.measures import Remembered
from pipeline.own_records import record_own
from pipeline.releases import release_before, release_id
from pipeline.reporting import reporting
from pipeline.stores import lake, landing, warehouse
from pipeline.vintages.archive import archive
from pipeline.vintages.making import make
from pipeline.vintages.manifest import NAME as RELEASE
from pipeline.vintages.manifest import manifest, read
from warehouse.files import write_release

MEASURED = tuple(field.name for field in fields(counting.Counted))
"""What measuring leaves for publishing."""


def merge(on: dt.date) -> dict[str, int]:
    """Merge every judged batch of the night, in one atomic commit for each record kind; then what
    the pipeline says about itself."""
    ledger = {(row["batch_id"], row["stage"]): row for row in warehouse().ledger(on=on)}
    changed = {}
    for kind, record in stored_records().items():
        if record.is_own:
            continue
        batches = {
            batch.id: batch
            for source in due_sources(on)
            for batch in Batch.all_of(source.source_id, on)
            if kind in (batch.record.kind, batch.record.reconciles)
            and ledger.get((batch.id, "judge"), {}).get("verdict") in USABLE
        }
        again = replays.accepted_files(on, kind)
        files = {i: batch.path("accepted") for i, batch in batches.items()} | again
        counts = lake().merge(record, Night(on), files)
        replays.note_merged({i: counts[i] for i in again})
        warehouse().write_ledger(
            batch.ledger(
                "merge",
                received=counts[i].accepted,
                verdict=ledger[i, "judge"]["verdict"],
                cursor_after=ledger[i, "collect"]["cursor_after"],
                **counts[i].as_dict(),
            )
            for i, batch in batches.items()
        )
        changed[kind] = sum(count.accepted - count.unchanged for count in counts.values())
        if lake().unfolded_nights(record) > settings().compact_after_nights:
            lake().compact(record)
    rule_changes.keep(on)
    return changed | record_own(on)


def measure(on: dt.date) -> dict[str, int]:
    """Count the indicators over the state as this night knew it, leaving out of each the sources
    that say nothing about it."""
    night = Night(on)
    known = counting.relations(night)
    told = manifest(release_id(night), night, archive())
    memory = Remembered(settings().work_dir / "measures")
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        seen = detections.look(connection, known, night)
        expected = reporting(connection, known["reported_figure"], night)
        basis = counting.Basis(told.release, night, expected, seen)
        counted = counting.counted(connection, known, basis, memory)
    memory.forget_others()
    for name in MEASURED:
        write_table(night_folder(on) / f"{name}.parquet", getattr(counted, name))
    (night_folder(on) / RELEASE).write_text(told.text(), encoding="utf-8")
    return {"observations": counted.observations.num_rows}


def publish(on: dt.date) -> dict[str, int]:
    """Publish of what was measured all that may be, with what can be read off it, as the night's
    release: to Postgres in one transaction, and as files."""
    night, folder = Night(on), night_folder(on)
    if not (folder / RELEASE).exists():
        raise PublicationError(f"night {on}: nothing has been measured, so nothing is published")
    tables = {n: pq.read_table(folder / f"{n}.parquet", partitioning=None) for n in MEASURED}
    counted = counting.Counted(**tables)
    if not counted.observations:
        raise PublicationError(f"night {on}: nothing was counted, so nothing is published")
    told = read(folder / RELEASE).after(release_before(night))
    made = make(counted, told)
    brought = {kind: _brought_by(record, night) for kind, record in stored_records().items()}
    written = warehouse().publish(
        release_id(night), made.figures, brought, made.catalogue, made.tables
    )
    write_release(settings().published_dir, release_id(night), made.content)
    landing().forget_before(on - dt.timedelta(days=settings().landing_retention_days))
    return written


def _brought_by(record: Record, night: Night) -> pa.Table:
    """The versions that the night brought and that are not already outdated."""
    columns = ", ".join(record.columns)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        return (
            connection.sql(
                f"SELECT {columns} FROM {lake().versions(record)} "
                f"WHERE night = DATE '{night}' AND change <> 'superseded'"
            )
            .to_arrow_table()
            .cast(record.arrow_schema)
        )


def notify(on: dt.date, clock: messages.Clock) -> dict[str, int]:
    """Bring the incidents and the score cards up to date, tell each area in Vietnamese what is new
    to it, and the operators how the night went. `clock` gives the instant of each delivery."""
    night, folder = Night(on), settings().outbox_dir / str(on)
    incidents.update(on)
    score_cards.update(on)
    messages.tell(incidents.incidents().read(through=on), night)
    told = messages.send(night, clock)
    operators.write(folder, night)
    for file in (settings().published_dir / release_id(night)).glob("corrections.*.txt"):
        shutil.copy(file, folder)
    return told
