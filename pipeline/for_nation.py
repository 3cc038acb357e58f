"""The verbs that treat the whole nation on one night: merge, measure, publish, notify."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import PublicationError
from catalog.night import Night
from catalog.records import Record, stored_records
from catalog.settings import settings
from pipeline import notices
from pipeline.batch import USABLE, Batch, due_sources, night_folder, write_table
from pipeline.releases import release_id
from pipeline.reporting import reporting
from pipeline.stores import lake, landing, warehouse
from transforms import indicators
from warehouse.files import write_release


def merge(on: dt.date) -> dict[str, int]:
    """Merge every judged batch of the night, in one atomic commit for each record kind."""
    ledger = {(row["batch_id"], row["stage"]): row for row in warehouse().ledger(on=on)}
    changed = {}
    for kind, record in stored_records().items():
        batches = {
            batch.id: batch
            for source in due_sources(on)
            for batch in Batch.all_of(source.source_id, on)
            if kind in (batch.record.kind, batch.record.reconciles)
            and ledger.get((batch.id, "judge"), {}).get("verdict") in USABLE
        }
        counts = lake().merge(
            record, Night(on), {i: batch.path("accepted") for i, batch in batches.items()}
        )
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
    return changed


def measure(on: dt.date) -> dict[str, int]:
    """Count the indicators over the state as this night knew it."""
    night = Night(on)
    relations = {kind: _state(record, night) for kind, record in stored_records().items()}
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        measures = indicators.measure(connection, relations, night)
        expected = reporting(connection, relations["reported_figure"], night)
    observations = indicators.observe(measures, expected, night, release_id(night))
    write_table(night_folder(on) / "observations.parquet", observations)
    return {"observations": observations.num_rows}


def _state(record: Record, night: Night) -> str:
    """The current state; for a past night the state as it was then, which costs more."""
    is_newest = lake().newest(record) == night.on
    return lake().current(record) if is_newest else lake().current_as_of(record, night)


def publish(on: dt.date) -> dict[str, int]:
    """Publish the night's release to Postgres in one transaction, and as files."""
    night = Night(on)
    measured = night_folder(on) / "observations.parquet"
    observations = pq.read_table(measured, partitioning=None) if measured.exists() else None
    if not observations:
        raise PublicationError(f"night {on}: nothing has been measured, so nothing is published")
    brought = {kind: _brought_by(record, night) for kind, record in stored_records().items()}
    catalogue = [i.model_dump(mode="json") for i in indicators.indicators().values()]
    written = warehouse().publish(release_id(night), observations, brought, catalogue)
    write_release(settings().published_dir, release_id(night), observations, catalogue)
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


def notify(on: dt.date) -> dict[str, int]:
    """Tell each area in Vietnamese what was turned away, and the operators how the night went."""
    return notices.write(settings().outbox_dir / str(on), warehouse(), due_sources(on), Night(on))
