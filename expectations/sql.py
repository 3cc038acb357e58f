"""The rule of a check as an SQL condition of DuckDB, where it has one; on the same rows it says
the same as Great Expectations (`tests/expectations/test_sql.py`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.codelists import codes
from catalog.records import Record
from expectations.check import OURS, Check

TEMPLATES = {
    "in": "{column} IN {value}",
    "not_in": "{column} NOT IN {value}",
    "matches": "regexp_matches({column}, {value})",
    "less_than": "{column} < {value}",
    "more_than": "{column} > {value}",
    "at_least": "{column} >= {value}",
    "same_second_as": "date_trunc('second', {column}) = date_trunc('second', {value})",
}


def condition(check: Check, record: Record, cutoff: str, batch: Sequence[str] = ()) -> str | None:
    """An expression, never null, for the rows of a relation that break the row check; None for a
    type of Great Expectations' own, which has no such form.

    `cutoff` is an expression for the end of the night of a row; `batch` names the columns that
    tell the batches of the relation apart.
    """
    given = check.expectation.kwargs
    if check.expectation.type == OURS:
        broken = " AND ".join(
            _clause(record, column, operator, operand, cutoff)
            for column, clause in given["where"].items()
            for operator, operand in clause.items()
        )
        lacking = check.expectation.compared if check.missing == "fails" else []
        return " OR ".join([f"coalesce({broken}, false)", *(_lacks(record, n) for n in lacking)])
    if check.expectation.type == "expect_rows_to_agree":
        over = f"OVER (PARTITION BY {', '.join([*batch, *given['same']])})"
        least, most = (f"{end}({given['differing']}) {over}" for end in ("min", "max"))
        return f"coalesce({least} <> {most}, false)"
    return None


def judged(check: Check, record: Record) -> str:
    """An expression for the rows that the check judges: all, or those with all that is compared."""
    compared = check.expectation.compared if check.missing == "not_judged" else []
    return " AND ".join(f"NOT {_lacks(record, name)}" for name in compared) or "true"


def _lacks(record: Record, column: str) -> str:
    empty = f" OR {column} = ''" if record.columns[column].type in ("string", "code") else ""
    return f"({column} IS NULL{empty})"


def _clause(record: Record, column: str, operator: str, operand: Any, cutoff: str) -> str:
    if operator == "missing":
        return _lacks(record, column) if operand else f"NOT {_lacks(record, column)}"
    is_time = record.columns[column].type == "timestamp"
    value = _operand(operand, cutoff, "TIMESTAMPTZ " if is_time else "")
    return f"({TEMPLATES[operator].format(column=column, value=value)})"


def _operand(value: Any, cutoff: str, prefix: str) -> str:
    if isinstance(value, Mapping):
        [(kind, name)] = value.items()
        texts = {"column": str(name), "cutoff": cutoff}
        return texts[kind] if kind in texts else _operand(sorted(codes(name)), cutoff, prefix)
    if isinstance(value, list):
        return f"({', '.join(_operand(item, cutoff, prefix) for item in value)})"
    if isinstance(value, bool | int | float):
        return str(value)
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return prefix + "'" + text.replace("'", "''") + "'"
