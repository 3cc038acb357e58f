"""Finding deletions: once a month a source lists all its keys, and they are compared with ours.

Sources delete without telling (DOMAIN section 6, reality 21). What a source no longer lists gets a
tombstone, a version like any other that says so; what it lists again after that comes back to
life. A list that is empty or far too short deletes nothing and is held for a person.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

import extractors
from catalog.outcomes import LedgerRow
from catalog.records import Record, records
from catalog.settings import settings
from extractors import Delivery, LandedPage
from pipeline.batch import Batch
from pipeline.stores import lake, landing

LARGEST_SHARE = 0.05
"""Of the records of a month, how many may be gone at once before the list is not believed."""
A_FEW = 3
"""So many may be gone in any case: in a small month one is already more than the share."""


def listed(batch: Batch) -> Delivery:
    """Ask for the keys of every month of which we hold records; raises SourceError."""
    pages: list[LandedPage] = []
    for month in _months(batch):
        delivery = extractors.collect(
            batch.source, batch.record.kind, batch.night, month, landing().land
        )
        pages += delivery.landed
    return Delivery.of(pages, "")


def compared(batch: Batch) -> LedgerRow:
    """Write the tombstones, and what came back to life, as the accepted rows of the batch."""
    record = records()[batch.record.reconciles]
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        connection.register("listed", batch.read("conformed"))
        connection.register("sent", _sent(batch, record))
        connection.execute(f"CREATE TEMP TABLE held AS {_held_sql(batch, record)}")
        problem = _doubt(connection)
        changed = connection.sql(_changed_sql(batch, record)).to_arrow_table()
    changed = changed.cast(record.arrow_schema)
    batch.write("accepted", changed.slice(0, 0) if problem else changed)
    ends = "quarantined" if problem else "accepted"
    return batch.ledger(
        "judge",
        received=changed.num_rows,
        verdict="held" if problem else "ok",
        problem=problem,
        **{ends: changed.num_rows},
    )


def _state(batch: Batch, record: Record) -> str:
    """What we held of the source before this night."""
    before = batch.night.before
    is_newest = (lake().newest(record) or before.on) <= before.on
    state = lake().current(record) if is_newest else lake().current_as_of(record, before)
    return f"(FROM {state} AS state WHERE source_id = '{batch.source.source_id}')"


def _sent(batch: Batch, record: Record) -> pa.Table:
    """The records themselves that this night brought: judged before the list is compared."""
    own = Batch(batch.source, record, batch.night)
    return (
        own.read("accepted") if own.path("accepted").exists() else record.arrow_schema.empty_table()
    )


def _months(batch: Batch) -> list[str]:
    record = records()[batch.record.reconciles]
    with duckdb.connect() as connection:
        query = f"SELECT DISTINCT month FROM {_state(batch, record)} ORDER BY month"
        return [month for (month,) in connection.sql(query).fetchall()]


def _held_sql(batch: Batch, record: Record) -> str:
    """What we held before this night, in its newest version: where the night brought one, the
    tombstone or the return to life must not undo that."""
    return f"""
        WITH state AS MATERIALIZED {_state(batch, record)}, version AS (
            FROM state UNION ALL BY NAME
            SELECT sent.*, state.month FROM sent JOIN state USING (key_hash)
        )
        SELECT * REPLACE (coalesce(is_deleted, false) AS is_deleted),
            key_hash IN (SELECT key_hash FROM listed) AS is_listed
        FROM version
        QUALIFY row_number() OVER (
            PARTITION BY key_hash ORDER BY version_at DESC, batch_on DESC, content_hash DESC
        ) = 1"""


def _doubt(connection: duckdb.DuckDBPyConnection) -> str:
    """Why the list is not believed; empty when it is."""
    is_empty = "(SELECT count(*) = 0 FROM listed)"
    doubtful = connection.execute(f"""
        SELECT month, count(*) FILTER (NOT is_listed) AS gone, count(*) AS held
        FROM held WHERE NOT is_deleted GROUP BY month
        HAVING gone > greatest({A_FEW}, {LARGEST_SHARE} * held) OR {is_empty}
        ORDER BY month""").fetchall()
    return "; ".join(f"{month}: {gone} of {held} are not listed" for month, gone, held in doubtful)


def _changed_sql(batch: Batch, record: Record) -> str:
    """The rows whose being there has changed, as versions made at the end of the night. One bit of
    the content's hash tells the version from the one before."""
    new = {
        "is_deleted": "NOT is_deleted",
        "version_at": f"TIMESTAMPTZ '{batch.night.cutoff.isoformat()}'",
        "batch_on": f"DATE '{batch.night}'",
        "content_hash": "xor(content_hash, 1)",
    }
    columns = ", ".join(f"{new.get(name, name)} AS {name}" for name in record.columns)
    return f"SELECT {columns} FROM held WHERE is_deleted = is_listed ORDER BY key_hash"
