"""Which records found wrong a night has brought right."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.records import Record, sent_records
from pipeline import replays
from pipeline.batch import Batch, merged_batches
from pipeline.stores import warehouse
from warehouse.wrong_rows import close_rejects, open_rejects


def mend(night: Night) -> None:
    """Close what earlier nights found wrong, or turned away, of records that this night brought
    and accepted."""
    batches, engine = merged_batches(night.on), warehouse().engine
    found, turned_away = [], []
    for record in sent_records().values():
        waiting = warehouse().open_findings(record.kind, night)
        found.append(_mended(record, waiting, batches))
        rejected = open_rejects(engine, record.kind, night.on)
        turned_away.append(_mended(record, rejected, batches))
    warehouse().close_findings(night, pa.concat_tables(found))
    close_rejects(engine, night.on, pa.concat_tables(turned_away))
    replays.mend(night)


def _mended(record: Record, waiting: pa.Table, batches: list[Batch]) -> pa.Table:
    """Of the records of a kind that wait those that are among the accepted rows; also where such a
    row says that the record was deleted, or what was known before it turned wrong."""
    brought = (
        record.kind,
        *(r.kind for r in sent_records().values() if r.reconciles == record.kind),
    )
    files = [str(batch.path("accepted")) for batch in batches if batch.record.kind in brought]
    if not (files and waiting.num_rows) or record.reconciles:
        return waiting.slice(0, 0)
    key = " || '|' || ".join(record.key)
    with duckdb.connect() as connection:
        connection.register("waiting", waiting)
        connection.execute(
            f"""CREATE TEMP TABLE brought AS SELECT DISTINCT source_id, {key} AS record_key
                FROM read_parquet($files, hive_partitioning = false)""",
            {"files": files},
        )
        mended = connection.sql("FROM waiting SEMI JOIN brought USING (source_id, record_key)")
        return mended.to_arrow_table().cast(waiting.schema)
