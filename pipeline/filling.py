"""Which columns the nights before filled, for the check that misses one which suddenly is empty."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import duckdb

from catalog.night import Night
from catalog.records import Record, records
from catalog.settings import settings
from expectations import Filled
from pipeline.batch import Batch
from pipeline.stores import lake

NIGHTS_BACK = 42
"""Among them are enough Saturdays and Sundays, a long holiday left out."""


def filled_before(batch: Batch) -> Sequence[Filled]:
    """What the nights before this one with rows of that source filled, oldest first."""
    if not (settings().lake_dir / f"{batch.record.kind}_version" / "_delta_log").exists():
        return ()
    log = lake().versions(batch.record)
    return _filled(log, batch.record.kind, batch.night).get(batch.source.source_id, ())


@lru_cache(maxsize=16)
def _filled(log: str, kind: str, night: Night) -> dict[str, list[Filled]]:
    """Of every source; kept for the sources that are judged next, as `log` names files that never
    change."""
    record = records()[kind]
    since = night.on - dt.timedelta(days=NIGHTS_BACK)
    query = f"""
        SELECT source_id, night, count(*), {", ".join(_counts(record))}
        FROM {log} WHERE night >= DATE '{since}' AND night < DATE '{night}'
        GROUP BY source_id, night ORDER BY source_id, night"""
    found: dict[str, list[Filled]] = defaultdict(list)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        for source_id, on, rows, *filled in connection.sql(query).fetchall():
            counts = dict(zip(record.sent_fields, filled, strict=True))
            found[source_id].append(Filled(on, rows, counts))
    return dict(found)


def _counts(record: Record) -> list[str]:
    texts = ("string", "code")
    return [
        f"count(nullif({name}, ''))" if field.type in texts else f"count({name})"
        for name, field in record.sent_fields.items()
    ]
