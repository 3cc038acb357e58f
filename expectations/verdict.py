"""The verdict on one batch, and what led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog.night import Night
from catalog.records import Record, records
from catalog.sources import Source
from expectations.batch_facts import Sent, batch_facts
from expectations.check import Check, checks, facts_table
from expectations.engine import build_suite, failing_rows
from expectations.filling import Filled
from expectations.findings import Breach, breaches, findings
from expectations.outlook import History


@dataclass(frozen=True)
class Verdict:
    """What is to become of a batch.

    `accept` merges every row, `quarantine` all but those with an error, `hold` none.
    `findings` (FINDING_SCHEMA) lists every failing row of every check, warnings included.
    `problem` is for operators: why rows were refused, and what is strange about the batch as a
    whole; empty where nothing is.
    """

    decision: Literal["accept", "quarantine", "hold"]
    findings: pa.Table
    problem: str

    def split(self, table: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The judged `table` as (accepted rows, quarantined rows), each in the table's order."""
        if self.decision == "hold":
            return table.slice(0, 0), table
        errors = self.findings.filter(pc.equal(self.findings["severity"], "error"))
        refused = np.zeros(table.num_rows, dtype=np.bool_)
        refused[errors["row_index"].to_numpy()] = True
        return table.filter(pa.array(~refused)), table.filter(pa.array(refused))


def judge(
    source: Source,
    record: Record,
    table: pa.Table,
    night: Night,
    sent: Sent,
    history: History,
    filled: Sequence[Filled] = (),
) -> Verdict:
    """Judge one conformed batch (`record.arrow_schema`) with every check.

    `sent` is how many rows the source sent, rejected ones included. `history` is (night,
    received) of the earlier merged nights of this source and record, oldest first; the first
    is the initial load; `filled` which columns the nights before with rows filled, oldest first.
    Raises DeclarationError when a check is wrong.
    """
    facts = batch_facts(source, record, table, night, sent, history, filled)
    failing = {
        **failing_rows(_batch_suite(night), facts_table(_batch_checks(), facts)),
        **failing_rows(_row_suite(record.kind, night), table.select(_row_columns(record.kind))),
    }
    found = breaches(source, failing, night)
    errors = [breach for breach in found if breach.severity == "error"]
    holding = [breach for breach in errors if breach.check.scope == "batch"]
    listed = findings(record, table, found)
    if holding:
        return Verdict("hold", listed, "; ".join(_told(breach, facts) for breach in holding))
    strange = [_told(breach, facts) for breach in found if breach.check.scope == "batch"]
    refused = [_refused_by(errors)] if errors else []
    return Verdict("quarantine" if errors else "accept", listed, "; ".join(refused + strange))


def _told(breach: Breach, facts: Mapping[str, Any]) -> str:
    return f"{breach.check.check_id}: {breach.check.problem.format_map(facts)}"


def _refused_by(errors: Sequence[Breach]) -> str:
    return ", ".join(f"{len(b.positions)} rows {b.check.check_id}" for b in errors)


@cache
def _row_columns(kind: str) -> list[str]:
    """The columns that the row checks of a record kind look at, in the record's order."""
    applying = [check for check in checks().values() if kind in check.records]
    named = set().union(*(check.expectation.columns for check in applying))
    return [name for name in records()[kind].columns if name in named]


@cache
def _row_suite(kind: str, night: Night) -> Any:
    return build_suite((c for c in checks().values() if kind in c.records), night)


@cache
def _batch_suite(night: Night) -> Any:
    return build_suite(_batch_checks(), night)


@cache
def _batch_checks() -> tuple[Check, ...]:
    return tuple(check for check in checks().values() if check.scope == "batch")
