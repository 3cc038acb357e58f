"""What the nation delivers on a night, platform by platform, and what must become of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from catalog.night import Night
from catalog.records import records, stored_records
from catalog.sources import Source
from pipeline.batch import night_folder
from pipeline.stores import warehouse
from simulator import Nation
from simulator.defects import defect_of
from simulator.dossier import Version
from simulator.nation import Item, local
from simulator.truth import Counts
from transforms.dialects import dialect_of

ONE_DAY, LOOK_BACK = dt.timedelta(days=1), dt.timedelta(hours=1)
BY_DAY = {"sftp_files", "sql_view"}
"""Platforms that tell the last change of each day, not only the last of all the time asked for."""
TELL_ONCE = {"lgsp_json", "xroad_rest", "soap", "national_adapter"}
"""Platforms that tell only the last change of a record: nothing repeats but what is resent."""
CANONICAL = "lgsp_json"


def delivered(
    nation: Nation, source: Source, record: str, on: dt.date, since_days: int | None
) -> Iterator[Item]:
    """The items that arrive on that night; on the first one those of `since_days`."""
    until = local(Night(on).cutoff)
    since = until - (since_days * ONE_DAY if since_days else ONE_DAY + LOOK_BACK)
    if source.platform == "sftp_files":
        since = until - (since_days or 1) * ONE_DAY
    if source.platform not in BY_DAY:
        yield from nation.window(source.source_id, record, since, until)
        return
    day = since.replace(hour=0)
    while day < until:
        for item in nation.window(source.source_id, record, day, day + ONE_DAY):
            if item.at >= since:
                yield item
        day += ONE_DAY


def ends(source: Source, record: str, items: Iterator[Item]) -> Counter[tuple[str, str]]:
    """(how rows must end, why) -> how many; why is a check, or ``<our field> <reason>``."""
    found: Counter[tuple[str, str]] = Counter()
    for item in items:
        if isinstance(item.state, Version) and record == "dossier":
            waits = item.state.received_at is None and item.copy == 0
            found["quarantined", "not_yet_received"] += waits
        defect = defect_of(record, item.subject, item.state)
        if defect and item.copy < defect.counted:
            found[defect.ends, _why(record, defect.reason)] += 1
    return found


def _why(record: str, reason: str) -> str:
    column, _, kind = reason.partition(" ")
    return f"{field_of(CANONICAL, record, column)} {kind}" if kind else reason


def field_of(platform: str, record: str, column: str) -> str:
    """The first of our fields that a platform's dialect reads from a column."""
    source = Source.model_construct(source_id="any", platform=platform, dialect="", mapping={})
    fields = dialect_of(source).records[record].fields
    named = {n for n, first in fields.items() for m in first.chain if column in m.columns}
    return next((name for name in records()[record].fields if name in named), column)


def asked(nation: Nation) -> Nation:
    """The nation, told on which nights our ledger says that dossiers were had of each source."""
    nights: dict[str, set[dt.date]] = {source_id: set() for source_id in nation.habits}
    for row in warehouse().ledger():
        if (row["stage"], row["record"]) == ("merge", "dossier") and row["source_id"] in nights:
            nights[row["source_id"]].add(dt.date.fromisoformat(row["batch_on"]))
    nation.asked_on.update({source_id: frozenset(on) for source_id, on in nights.items()})
    return nation


def measured(on: dt.date, borders: str = "34") -> Counts:
    """What was counted that night for areas on these borders, by month and longer: before some of
    it was withheld."""
    file = night_folder(on) / "observations.parquet"
    rows = pq.read_table(file, partitioning=None).to_pylist()
    return {
        (r["indicator"], r["area"], r["period"]): (r["numerator"], r["denominator"])
        for r in rows
        if r["status"] != "missing"
        and r["borders"] == borders
        and r["level"] != "agency"
        and r["period_type"] != "day"
    }


def query(text: str, **values: Any) -> list[Any]:
    with warehouse().engine.connect() as connection:
        return list(connection.execute(sa.text(text), values))


def state_of_everything(home: Path) -> dict[str, Any]:
    """Hashes of all that a night leaves behind, but for work files and logs."""
    files = [
        f
        for part in ("landing", "lake", "published", "outbox")
        for f in sorted((home / part).rglob("*"))
        if f.is_file()
    ]
    facts: dict[str, Any] = {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    for table in (
        "ops.ledger",
        "ops.reject",
        "ops.finding",
        *(f"record.{kind}" for kind in stored_records()),
        "mart.observation",
        "mart.release",
    ):
        facts[table] = query(f"SELECT count(*), sum(hashtext(t::text)::bigint) FROM {table} t")
    return facts
