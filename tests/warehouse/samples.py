"""Small tables that look like a night's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from catalog.outcomes import FINDING_SCHEMA, OBSERVATION_SCHEMA, LedgerRow
from catalog.records import records

DOSSIER = records()["dossier"]
NIGHT = dt.date(2026, 11, 22)


def ledger_row(stage: str, on: dt.date = NIGHT, **facts: Any) -> LedgerRow:
    batch_id = f"ha_noi.dossier.{on}"
    return LedgerRow("ha_noi", "dossier", batch_id, str(on), stage, **facts)  # type: ignore[arg-type]


def dossiers(count: int, on: dt.date = NIGHT, **changes: Any) -> pa.Table:
    """`count` dossiers of one source as conformed on that night; `changes` set whole columns."""
    at = dt.datetime.combine(on, dt.time(3), dt.UTC)
    sample = {
        "string": "x", "code": "online", "timestamp": at, "date": on, "integer": 1,
        "money": 10_000, "boolean": True, "hash": 7,
    }  # fmt: skip
    row = {name: sample[field.type] for name, field in DOSSIER.columns.items()}
    row |= {"source_id": "ha_noi", **changes}
    rows = [{**row, "dossier_code": f"H26.01-261122-{i:04}", "page_row": i} for i in range(count)]
    return pa.Table.from_pylist(rows, schema=DOSSIER.arrow_schema)


def figures(release: str, numerators: dict[str, int | None]) -> pa.Table:
    """Observations of one indicator in 2026-11 by area; None is an area that did not report."""
    rows = [
        {
            "release": release, "indicator": "on_time_rate", "definition_version": 1,
            "area": area, "level": "province", "period": "2026-11", "period_type": "month",
            "numerator": n, "denominator": None if n is None else 10,
            "value": None if n is None else n / 10, "coverage": 0.0 if n is None else 1.0,
            "borders": "34",
            "status": "missing" if n is None else "provisional",
            "reason": "not_reported" if n is None else "",
        }
        for area, n in numerators.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=OBSERVATION_SCHEMA)


def findings(*keys: int | None, check_id: str = "due_before_received") -> pa.Table:
    """Findings on the rows of `dossiers` with these numbers; None is one about the batch."""
    batch = {"check_id": check_id, "check_version": 1, "severity": "error"}
    rows = [
        batch if key is None else {
            **batch, "row_index": key, "record_key": f"H26.01-261122-{key:04}",
            "page_sha256": "x", "page_row": key,
        }
        for key in keys
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


def definition(code: str = "on_time_rate", theme: str = "on_time", **facts: Any) -> dict[str, Any]:
    """An indicator as ``indicators.json`` lists it, with what the warehouse takes of it."""
    return {
        "code": code, "version": 1, "name_vi": f"Chỉ số {code}", "name_en": f"Indicator {code}",
        "unit": "share", "theme": theme, "headline": 0, "direction": "higher_better",
        "formula": {"vi": "Tử số / mẫu số", "en": "Numerator / denominator"},
        "legal_basis": "Nghị định 118/2025/NĐ-CP", **facts,
    }  # fmt: skip
