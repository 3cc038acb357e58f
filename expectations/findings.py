"""What the checks found, as rows of FINDING_SCHEMA: every failing row of every check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from catalog.night import Night
from catalog.outcomes import FINDING_SCHEMA
from catalog.records import Record
from catalog.sources import Source
from expectations.check import Check, check


@dataclass(frozen=True)
class Breach:
    """One check that one batch failed, how seriously it is taken here, and the positions of all
    failing rows (for a batch check: the one row of facts)."""

    check: Check
    severity: str
    positions: list[int]


def severity_of(check: Check, source: Source, night: Night) -> str:
    """How seriously a failed check is taken: one whose deviation the source file accepts on that
    night only warns."""
    return "warning" if source.accepts(check.check_id, night.on) else check.severity


def breaches(source: Source, failing: Mapping[str, list[int]], night: Night) -> list[Breach]:
    """The failed checks in order of their ids."""
    return [
        Breach(check(c), severity_of(check(c), source, night), sorted(failing[c]))
        for c in sorted(failing)
    ]


def findings(record: Record, table: pa.Table, found: Sequence[Breach]) -> pa.Table:
    """One row for each breach and failing row of `table`; one without a `row_index` for a breach
    of the whole batch."""
    places = table.select([*record.key, "page_sha256", "page_row"]).combine_chunks()
    parts = [_part(breach, record, places) for breach in found]
    return pa.concat_tables([FINDING_SCHEMA.empty_table(), *parts])


def _part(breach: Breach, record: Record, places: pa.Table) -> pa.Table:
    is_row = breach.check.scope == "row"
    where = _whereabouts(record, places, breach.positions) if is_row else {}
    count = len(breach.positions)
    named = {
        "check_id": pa.repeat(breach.check.check_id, count),
        "check_version": pa.repeat(pa.scalar(breach.check.version, pa.int32()), count),
        "severity": pa.repeat(breach.severity, count),
    }
    columns = {field.name: pa.nulls(count, field.type) for field in FINDING_SCHEMA}
    return pa.table({**columns, **named, **where}, schema=FINDING_SCHEMA)


def _whereabouts(record: Record, places: pa.Table, positions: list[int]) -> dict[str, pa.Array]:
    index = pa.array(positions, pa.int64())
    rows = places.take(index)
    key = pc.binary_join_element_wise(*(rows[name] for name in record.key), "|")
    pages = {name: rows[name] for name in ("page_sha256", "page_row")}
    return {"row_index": index, "record_key": key, **pages}
