"""The whole night on one page: collect, conform, judge, merge, measure, publish, notify.

Each verb takes the night (and a source) and leaves its result on disk and in the ledger, so any
verb can be run again, alone, by Airflow or from the command line. Running one again changes
nothing that has not changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import expectations
import extractors
from catalog.errors import PublicationError, SourceError
from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA, LedgerRow, Stage
from catalog.records import Record, records
from catalog.settings import settings
from catalog.sources import Source, sources
from pipeline import notices
from pipeline.batch import Batch, night_folder, write_table
from pipeline.releases import PREFIX
from pipeline.stores import lake, landing, warehouse
from transforms import indicators
from transforms.conform import conform as conform_rows
from warehouse.files import write_release

DONE, SOME_FAILED, NOT_PUBLISHED = 0, 1, 3
USABLE = ("ok", "quarantined")
VERDICTS = {"accept": "ok", "quarantine": "quarantined", "hold": "held"}


def due_sources(on: dt.date) -> list[Source]:
    """The sources that must report on that day."""
    return [source for source in sources().values() if source.is_due(on)]


def collect(on: dt.date, source_id: str) -> str:
    """Pull what changed at one source and land it."""
    return _each_batch(on, source_id, "collect", _collect)


def _collect(batch: Batch) -> LedgerRow:
    manifest = landing().manifest(batch.id)
    if manifest is None or _verdict(batch, "judge") == "held":
        cursor = warehouse().cursor(batch.source.source_id, batch.record.kind, batch.night)
        started_at = dt.datetime.now(dt.UTC)
        delivery = extractors.collect(
            batch.source, batch.record.kind, batch.night, cursor, landing().land
        )
        manifest = batch.manifest(delivery, cursor, started_at)
        landing().write_manifest(batch.id, manifest)
    facts = {name: manifest[name] for name in ("bytes", "attempts", "cursor_after")}
    rows = manifest["rows"]
    pages = len(manifest["pages"])
    return batch.ledger("collect", received=rows, accepted=rows, pages=pages, **facts)


def conform(on: dt.date, source_id: str) -> str:
    """Bring one source's landed rows into our words; personal data stays behind here."""
    return _each_batch(on, source_id, "conform", _conform)


def _conform(batch: Batch) -> LedgerRow:
    key = settings().secret("APPLICANT_KEY").encode()
    found = conform_rows(batch.source, batch.record, batch.night, _landed_rows(batch), key)
    batch.write("conformed", found.table)
    warehouse().write_rejects(batch.id, found.rejects)
    return batch.ledger(
        "conform",
        received=found.received,
        accepted=found.table.num_rows,
        rejected=found.rejected,
        duplicate=found.duplicate,
        problem=f"unmapped columns: {', '.join(found.unmapped)}" if found.unmapped else "",
    )


def _landed_rows(batch: Batch) -> Iterator[tuple[str, Iterator[Any]]]:
    manifest = landing().manifest(batch.id) or {"pages": []}
    for page in manifest["pages"]:
        content = landing().read(page["sha256"])
        yield page["sha256"], extractors.read(batch.source, batch.record.kind, content)


def judge(on: dt.date, source_id: str) -> str:
    """Accept one source's batch, quarantine rows of it, or hold it."""
    return _each_batch(on, source_id, "judge", _judge)


def _judge(batch: Batch) -> LedgerRow:
    table = batch.read("conformed")
    received = _ledger_row(batch, "conform")["received"]
    history = warehouse().history(batch.source.source_id, batch.record.kind, batch.night)
    verdict = expectations.judge(batch.source, batch.record, table, batch.night, received, history)
    accepted, quarantined = verdict.split(table)
    batch.write("accepted", accepted)
    warehouse().write_findings(batch.id, verdict.findings, quarantined)
    return batch.ledger(
        "judge",
        received=table.num_rows,
        accepted=accepted.num_rows,
        quarantined=quarantined.num_rows,
        verdict=VERDICTS[verdict.decision],
        problem=verdict.problem,
    )


def _each_batch(
    on: dt.date, source_id: str, stage: Stage, step: Callable[[Batch], LedgerRow]
) -> str:
    """Run one stage for each record kind of a source; note failures, then raise the first."""
    rows: list[LedgerRow] = []
    failures = []
    batches = list(Batch.all_of(source_id, on))
    for batch in batches:
        before = {"conform": "collect", "judge": "conform"}.get(stage)
        if before and _verdict(batch, before) not in USABLE:
            continue
        try:
            rows.append(step(batch))
        except SourceError as error:
            rows.append(batch.failed(stage, error))
            failures.append(error)
    if stage == "judge":
        rows = _whole_or_held(rows, len(batches))
    warehouse().write_ledger(rows)
    if failures:
        raise failures[0]
    return ",".join(sorted({row.verdict for row in rows})) or "skipped"


def _whole_or_held(rows: list[LedgerRow], batches: int) -> list[LedgerRow]:
    """A source's night is merged whole or not at all: where its dossiers are held, its ratings of
    the same night, too few to judge on their own, are not trusted either."""
    if len(rows) == batches and all(row.verdict in USABLE for row in rows):
        return rows
    why = "held with the rest of the source's night"
    return [
        row.with_(accepted=0, quarantined=row.received, verdict="held", problem=why)
        if row.verdict in USABLE
        else row
        for row in rows
    ]


def _ledger_row(batch: Batch, stage: str) -> dict[str, Any]:
    found = warehouse().ledger(on=batch.night.on, source_id=batch.source.source_id)
    rows = [r for r in found if (r["batch_id"], r["stage"]) == (batch.id, stage)]
    return rows[0] if rows else {}


def _verdict(batch: Batch, stage: str) -> str:
    return str(_ledger_row(batch, stage).get("verdict", ""))


def merge(on: dt.date) -> dict[str, int]:
    """Merge every judged batch of the night, in one atomic commit for each record kind."""
    ledger = {(row["batch_id"], row["stage"]): row for row in warehouse().ledger(on=on)}
    changed = {}
    for kind, record in records().items():
        batches = {
            batch.id: batch
            for source in due_sources(on)
            for batch in Batch.all_of(source.source_id, on)
            if batch.record.kind == kind
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
    relations = {kind: _state(record, night) for kind, record in records().items()}
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        measures = indicators.measure(connection, relations, night)
    observations = indicators.observe(measures, reporting(night), night, release_id(night))
    write_table(night_folder(on) / "observations.parquet", observations)
    return {"observations": observations.num_rows}


def _state(record: Record, night: Night) -> str:
    """The current state; for a past night the state as it was then, which costs more."""
    is_newest = lake().newest(record) == night.on
    return lake().current(record) if is_newest else lake().current_as_of(record, night)


def release_id(night: Night) -> str:
    """The id of a night's provisional release."""
    return f"{PREFIX}{night}"


def reporting(night: Night) -> pa.Table:
    """Who must report which record kind, and through which day each area's data is complete.

    A source that delivers once is complete through the night from its merge on.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for source in due_sources(night.on):
        for kind in source.records:
            through = warehouse().complete_through(source.source_id, kind, night)
            if through and source.frequency == "once":
                through = night.on
            row = {"area": source.area, "record": kind, "starts_on": source.starts_on}
            known = rows.setdefault((source.area, kind), {**row, "complete_through": through})
            stated = (known["complete_through"], through)
            known["complete_through"] = min(stated) if all(stated) else None
    return pa.Table.from_pylist(list(rows.values()), REPORTING_SCHEMA)


def publish(on: dt.date) -> dict[str, int]:
    """Publish the night's release to Postgres in one transaction, and as files."""
    night = Night(on)
    measured = night_folder(on) / "observations.parquet"
    observations = pq.read_table(measured, partitioning=None) if measured.exists() else None
    if not observations:
        raise PublicationError(f"night {on}: nothing has been measured, so nothing is published")
    brought = {kind: _brought_by(record, night) for kind, record in records().items()}
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


def night(on: dt.date) -> int:
    """All seven verbs in order, in this process. One bad source never stops the rest."""
    for source in due_sources(on):
        try:
            for verb in (collect, conform, judge):
                verb(on, source.source_id)
        except SourceError:
            continue  # noted in the ledger; `outcome` tells
    for national in (merge, measure, publish, notify):
        national(on)
    return outcome(on)


def outcome(on: dt.date) -> int:
    """How the night ended: 0 done, 1 some sources failed or were held, 3 nothing was published."""
    if not (settings().published_dir / release_id(Night(on))).exists():
        return NOT_PUBLISHED
    merged = all(is_merged(source.source_id, on) for source in due_sources(on))
    return DONE if merged else SOME_FAILED


def is_merged(source_id: str, on: dt.date) -> bool:
    """Whether every batch of the source has been merged that night."""
    merged = [r for r in warehouse().ledger(on=on, source_id=source_id) if r["stage"] == "merge"]
    return {b.id for b in Batch.all_of(source_id, on)} == {row["batch_id"] for row in merged}
