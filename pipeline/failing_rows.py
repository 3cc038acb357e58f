"""Every failing row of a source, from the warehouse, as the workbook lists them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from catalog.incidents import HELD, REJECTED, State
from catalog.records import records
from feedback.failing import Failing, held_batch, of_finding, of_reject
from pipeline.incidents import incidents
from pipeline.stores import warehouse

Rows = list[dict[str, Any]]


def failing_of(source_id: str, on: dt.date | None) -> list[Failing]:
    """What is wrong with the rows of one night; without `on`, with those that still wait: findings
    not yet closed, each unreadable record as it was last turned away, and the batches held now.
    Each in the state of its incident as it stands; a row that is known to be right is fixed."""
    judged = [r for r in warehouse().ledger(on, source_id) if r["stage"] == "judge"]
    shown = judged if on else _newest(judged)
    held = {r["batch_id"]: r for r in shown if _is_held(r)}
    states = _states(source_id)
    found = [{**row, "state": _state(row, states)} for row in warehouse().quarantine(source_id, on)]
    rejects = [row for row in found if "reason" in row]
    lines = [
        held_batch(batch_id, kind, row["quarantined"], str(row["batch_on"]), states[kind, HELD, ""])
        for batch_id, row in held.items()
        for kind in [row["record"]]
    ]
    lines += [of_reject(row) for row in (rejects if on else _last(rejects))]
    lines += [of_finding(row, row["batch_id"] in held) for row in found if "check_id" in row]
    return lines


def _states(source_id: str) -> Mapping[tuple[str, str, str], State]:
    """Record kind, rule and column -> how the incident stands; open where there is none yet."""
    known: dict[tuple[str, str, str], State] = defaultdict(lambda: "open")
    for incident in incidents().read(source_id=source_id):
        mark = incident.fingerprint
        known[mark.record, mark.rule, mark.column] = incident.state
    return known


def _state(row: Mapping[str, Any], states: Mapping[tuple[str, str, str], State]) -> State:
    if row["fixed_on"]:
        return "fixed"
    if "check_id" in row:
        return states[row["record"], row["check_id"], ""]
    return states[row["record"], f"{REJECTED}:{row['reason']}", row["field"]]


def _is_held(row: dict[str, Any]) -> bool:
    return bool(row["verdict"] == "held" and not records()[row["record"]].reconciles)


def _newest(judged: Rows) -> Rows:
    """Of each record kind the night judged last; the ledger comes in order of nights."""
    return list({row["record"]: row for row in judged}.values())


def _last(rejects: Rows) -> Rows:
    """Without those that a later night repeats. One whose record is not known stays: nobody can
    say that it was mended."""
    last: dict[Any, dict[str, Any]] = {}
    for number, row in enumerate(rejects):
        key = row["record_key"] or number
        last[row["record"], key, row["field"], row["reason"]] = row
    return list(last.values())
