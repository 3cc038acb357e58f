"""Rows of a past batch in our words and judged, by the dialects and rules of today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import expectations
from catalog.night import Night
from catalog.outcomes import FINDING_SCHEMA
from pipeline.batch import Batch
from pipeline.for_source import conformed, verdict_on
from pipeline.replays import Places, places_of
from pipeline.stores import warehouse
from warehouse import replays
from warehouse.connections import transaction

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class JudgedAgain:
    """What became of the rows: `understood` are those in our words, of which some are `accepted`;
    `findings` (FINDING_SCHEMA) is what was not known of them. The `counts` add up."""

    understood: pa.Table
    accepted: pa.Table
    findings: pa.Table
    counts: dict[str, int]


def judge_again(batch: Batch, night: Night, places: Places | None) -> JudgedAgain:
    """Judge the rows at `places` of a batch, or all of it, among the rows that came with them and
    as of its own night; the findings are to be written for `night`.

    What checks say of the batch as a whole was decided when it came. Raises SourceError,
    LakeError where a page is no longer kept, DeclarationError where a rule is wrong.
    """
    found = conformed(batch)
    sent = expectations.Sent(found.received, found.rejected)
    findings = _of_rows(verdict_on(batch, found.table, sent).findings)
    refused = findings.filter(pc.equal(findings["severity"], "error"))["row_index"]
    is_refused = np.zeros(found.table.num_rows, dtype=np.bool_)
    is_refused[refused.to_numpy()] = True
    chosen = _stands_at(found.table, places)
    rejected = len(places_of(found.rejects.filter(pa.array(_stands_at(found.rejects, places)))))
    received = found.received if places is None else len(places)
    ended = {
        "accepted": int((chosen & ~is_refused).sum()),
        "quarantined": int((chosen & is_refused).sum()),
        "rejected": rejected,
    }
    return JudgedAgain(
        understood=found.table.filter(pa.array(chosen)),
        accepted=found.table.filter(pa.array(chosen & ~is_refused)),
        findings=_unknown(batch, night, findings.filter(pa.array(_stands_at(findings, places)))),
        counts={"received": received, **ended, "duplicate": received - sum(ended.values())},
    )


def _of_rows(findings: pa.Table) -> pa.Table:
    return findings.filter(pc.is_valid(findings["row_index"]))


def _stands_at(table: pa.Table, places: Places | None) -> Mask:
    """Which rows of `table` stand at one of the places."""
    if places is None:
        return np.ones(table.num_rows, dtype=np.bool_)
    columns = (table["page_sha256"].to_pylist(), table["page_row"].to_pylist())
    at = (place in places for place in zip(*columns, strict=True))
    return np.fromiter(at, dtype=np.bool_, count=table.num_rows)


def _unknown(batch: Batch, night: Night, findings: pa.Table) -> pa.Table:
    """The findings that no night before said of the same row."""
    with transaction(warehouse().engine) as connection:
        known = replays.found_before(connection, batch.id, night)
    rows = [
        row
        for row in findings.to_pylist()
        if (row["check_id"], row["page_sha256"], row["page_row"]) not in known
    ]
    return pa.Table.from_pylist(rows, FINDING_SCHEMA)
