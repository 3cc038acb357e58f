"""Which records found wrong a night has brought right."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.records import Record, sent_records
from pipeline.batch import Batch, merged_batches
from pipeline.stores import warehouse


def mend(night: Night) -> None:
    """Close the findings of earlier nights on records that this night brought and accepted."""
    batches = merged_batches(night.on)
    mended = [_mended(record, night, batches) for record in sent_records().values()]
    warehouse().close_findings(night, pa.concat_tables(mended))


def _mended(record: Record, night: Night, batches: list[Batch]) -> pa.Table:
    """Of the open findings of a record kind those whose record is among the accepted rows; also
    where such a row says that the record was deleted, or what was known before it turned wrong."""
    waiting = warehouse().open_findings(record.kind, night)
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
