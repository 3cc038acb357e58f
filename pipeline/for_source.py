"""The verbs that treat one source on one night: collect, conform, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

import expectations
import extractors
from catalog.errors import DeclarationError, SourceError
from catalog.outcomes import LedgerRow, Stage
from catalog.records import records
from catalog.settings import settings
from extractors import Delivery
from pipeline import reconciliation
from pipeline.batch import USABLE, Batch
from pipeline.deviations import refuse_unknown
from pipeline.filling import filled_before
from pipeline.stores import landing, warehouse
from transforms.conform import Conformed
from transforms.conform import conform as conform_rows

VERDICTS = {"accept": "ok", "quarantine": "quarantined", "hold": "held"}
HELD_WITH_THE_REST = "held with the rest of the source's night"
"""The problem of a batch with which nothing else is wrong."""


def collect(on: dt.date, source_id: str) -> str:
    """Pull what changed at one source and land it."""
    return _each_batch(on, source_id, "collect", _collect)


def _collect(batch: Batch) -> LedgerRow:
    manifest = landing().manifest(batch.id)
    if manifest is None or _verdict(batch, "judge") == "held":
        cursor = warehouse().cursor(batch.source.source_id, batch.record.kind, batch.night)
        started_at = dt.datetime.now(dt.UTC)
        manifest = batch.manifest(_delivery(batch, cursor), cursor, started_at)
        landing().write_manifest(batch.id, manifest)
    facts = {name: manifest[name] for name in ("bytes", "attempts", "cursor_after")}
    rows = manifest["rows"]
    pages = len(manifest["pages"])
    return batch.ledger("collect", received=rows, accepted=rows, pages=pages, **facts)


def _delivery(batch: Batch, cursor: str) -> Delivery:
    if batch.record.reconciles:
        return reconciliation.listed(batch)
    return extractors.collect(batch.source, batch.record.kind, batch.night, cursor, landing().land)


def conform(on: dt.date, source_id: str) -> str:
    """Bring one source's landed rows into our words; personal data stays behind here."""
    return _each_batch(on, source_id, "conform", _conform)


def _conform(batch: Batch) -> LedgerRow:
    found = conformed(batch)
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


def conformed(batch: Batch) -> Conformed:
    """The landed rows of a batch by its source's dialect of today. Raises SourceError, and
    LakeError where a page is no longer kept."""
    key = settings().secret("APPLICANT_KEY").encode()
    return conform_rows(batch.source, batch.record, batch.night, _landed_rows(batch), key)


def _landed_rows(batch: Batch) -> Iterator[tuple[str, Iterator[Any]]]:
    manifest = landing().manifest(batch.id) or {"pages": []}
    for page in manifest["pages"]:
        content = landing().read(page["sha256"])
        yield page["sha256"], extractors.read(batch.source, batch.record.kind, content)


def judge(on: dt.date, source_id: str) -> str:
    """Accept one source's batch, quarantine rows of it, or hold it."""
    return _each_batch(on, source_id, "judge", _judge)


def _judge(batch: Batch) -> LedgerRow:
    if batch.record.reconciles:
        return reconciliation.compared(batch)
    table = batch.read("conformed")
    known = _ledger_row(batch, "conform")
    verdict = verdict_on(batch, table, expectations.Sent(known["received"], known["rejected"]))
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


def verdict_on(batch: Batch, table: pa.Table, sent: expectations.Sent) -> expectations.Verdict:
    """The verdict on a conformed batch by the rules of today, as of its own night. Raises
    DeclarationError."""
    refuse_unknown(batch.source)
    history = warehouse().history(batch.source.source_id, batch.record.kind, batch.night)
    filled = filled_before(batch)
    return expectations.judge(batch.source, batch.record, table, batch.night, sent, history, filled)


def _each_batch(
    on: dt.date, source_id: str, stage: Stage, step: Callable[[Batch], LedgerRow]
) -> str:
    """Run one stage for each record kind of a source; note failures, then raise the first. A list
    of keys that fails finds no deletions this time, and costs the source's night nothing else."""
    rows: list[LedgerRow] = []
    failures = []
    batches = list(Batch.all_of(source_id, on))
    for batch in batches:
        before = {"conform": "collect", "judge": "conform"}.get(stage)
        if before and _verdict(batch, before) not in USABLE:
            continue
        try:
            rows.append(step(batch))
        except (SourceError, DeclarationError) as error:
            rows.append(batch.failed(stage, error))
            failures += [] if batch.record.reconciles else [error]
    if stage == "judge":
        rows = _whole_or_held(rows, sum(not batch.record.reconciles for batch in batches))
    warehouse().write_ledger(rows)
    if failures:
        raise failures[0]
    return ",".join(sorted({row.verdict for row in rows})) or "skipped"


def _whole_or_held(rows: list[LedgerRow], batches: int) -> list[LedgerRow]:
    """A source's night is merged whole or not at all: where its dossiers are held, its ratings of
    the same night, too few to judge on their own, are not trusted either. `batches` counts those
    of the records themselves; a list of keys that is not believed holds nothing but itself."""
    own = [row for row in rows if not records()[row.record].reconciles]
    if len(own) == batches and all(row.verdict in USABLE for row in own):
        return rows
    return [
        row.with_(accepted=0, quarantined=row.received, verdict="held", problem=HELD_WITH_THE_REST)
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
