"""Rows that break a rule, one line for each row and rule, as a workbook or a page lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catalog.incidents import HELD, REJECTED, State
from catalog.night import LOCAL_ZONE
from catalog.records import Field, records
from expectations.check import checks
from feedback.told import told

End = Literal["rejected", "quarantined", "held", "warned"]
END_VI = {
    "rejected": "Bị loại",
    "quarantined": "Bị cách ly",
    "held": "Giữ lại cùng cả lô",
    "warned": "Vẫn được nhận, có cảnh báo",
}
NOT_KEPT = "xem bản gốc"
"""In place of a value: of a row that could not be read no value is kept."""
EMPTY = "(trống)"


@dataclass(frozen=True)
class Failing:
    """One row and one rule that it breaks; without `row`, a whole batch.

    `page` and `row` say where it stands, `seen` the values of the columns that the rule is about,
    in our words. `end` is what becomes of the row for this rule, `rows` how many rows the line
    stands for: 1, for a batch that is held all of them, for a finding about a batch 0. `state` is
    that of the incident it belongs to; empty in a file that was only tried.
    """

    batch_id: str
    record: str
    record_key: str
    page: str
    row: int | None
    column: str
    seen: str
    rule: str
    severity: str
    end: End
    rows: int
    first_seen: str = ""
    last_seen: str = ""
    state: State | Literal[""] = ""


@dataclass(frozen=True)
class RuleCount:
    """How many rows break one rule in one column, and what is told about it."""

    record: str
    rule: str
    column: str
    severity: str
    end: End
    rows: int
    title: str
    why: str
    fix: str


def of_reject(found: Mapping[str, Any]) -> Failing:
    """From a row of REJECT_SCHEMA with its batch."""
    rule = f"{REJECTED}:{found['reason']}"
    return Failing(
        **_place(found),
        column=found["field"],
        seen=NOT_KEPT,
        rule=rule,
        severity="error",
        end="rejected",
        rows=1,
        state=found.get("state", ""),
    )


def of_finding(found: Mapping[str, Any], is_held: bool) -> Failing:
    """From a row of FINDING_SCHEMA with its batch and `row`, the conformed row where it is kept."""
    column, seen = _concerned(found["check_id"], found["record"], found["row"])
    is_row = found["page_row"] is not None
    end: End = "held" if is_held else "quarantined" if found["severity"] == "error" else "warned"
    return Failing(
        **_place(found),
        column=column if is_row else "",
        seen=seen if is_row else "",
        rule=found["check_id"],
        severity=found["severity"],
        end=end,
        rows=int(is_row),
        first_seen=str(found.get("first_seen") or ""),
        last_seen=str(found.get("last_seen") or ""),
        state=found.get("state", ""),
    )


def held_batch(
    batch_id: str, record: str, rows: int, night: str = "", state: State | Literal[""] = ""
) -> Failing:
    """The line of a batch that is held with all its `rows`."""
    return Failing(
        batch_id=batch_id,
        record=record,
        record_key="",
        page="",
        row=None,
        column="",
        seen="",
        rule=HELD,
        severity="error",
        end="held",
        rows=rows,
        first_seen=night,
        last_seen=night,
        state=state,
    )


def failing_rows(failing: Iterable[Failing]) -> int:
    """How many rows do not come through: what the ledger counts as quarantined and rejected. A row
    that breaks two rules counts once, a row of a held batch with its batch."""
    lines = [line for line in failing if line.end != "warned"]
    single = {(f.batch_id, f.page, f.row) for f in lines if f.rows and f.end != "held"}
    return len(single) + sum(f.rows for f in lines if f.rule == HELD)


def by_rule(failing: Iterable[Failing]) -> list[RuleCount]:
    """The rows by record kind, rule and column: what costs rows first, most rows first."""
    counts: dict[tuple[str, str, str, str, End], int] = {}
    for f in failing:
        key = (f.record, f.rule, f.column, f.severity, f.end)
        counts[key] = counts.get(key, 0) + f.rows
    found = [
        RuleCount(*key, rows, about.title, about.why, about.fix)
        for key, rows in counts.items()
        for about in [told(key[1])]
    ]
    return sorted(found, key=lambda c: (c.end == "warned", -c.rows, c.record, c.rule, c.column))


def concerned(check_id: str, record: str) -> list[str]:
    """The columns of a record that a check looks at, without those that are only for joins."""
    check = checks().get(check_id)
    named = check.expectation.columns if check else set()
    return [n for n, field in records()[record].columns.items() if n in named and _may_show(field)]


def _may_show(field: Field) -> bool:
    return field.type != "hash"


def _place(found: Mapping[str, Any]) -> dict[str, Any]:
    names = ("batch_id", "record", "record_key", "page_sha256")
    batch, record, key, page = (found[name] or "" for name in names)
    return {
        "batch_id": batch,
        "record": record,
        "record_key": key,
        "page": found.get("page", page),
        "row": found["page_row"],
    }


def _concerned(check_id: str, record: str, row: Mapping[str, Any] | None) -> tuple[str, str]:
    fields = {n: records()[record].columns[n] for n in concerned(check_id, record)}
    columns = ", ".join(f"{field.name_vi} ({name})" for name, field in fields.items())
    if row is None:
        return columns, NOT_KEPT
    shown = {name: _written(row.get(name), field) for name, field in fields.items()}
    if len(shown) == 1:
        return columns, next(iter(shown.values()))
    return columns, "; ".join(f"{fields[n].name_vi}: {value}" for n, value in shown.items())


def _written(value: Any, field: Field) -> str:
    if value is None or value == "":
        return EMPTY
    if field.type == "timestamp":
        instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return f"{instant.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M:%S}"
    if field.type == "boolean":
        return "Có" if value else "Không"
    return str(value)
