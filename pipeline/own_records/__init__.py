"""What the pipeline says about its own work: records in the same lake as everyone's.

Each own record kind (`is_own` in the catalogue) has a module here of its name. A night writes them
once all that the sources brought is merged, as batches of the source `OWN`: landed, merged and
published like any other, so that a past night, an engine or an explanation finds them the same way.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib import import_module
from typing import Any

import pyarrow as pa

from catalog.night import Night
from catalog.records import OWN, Record, own_records
from catalog.settings import settings
from pipeline.batch import night_folder, write_table
from pipeline.own_records.mending import mend
from pipeline.stores import code_version, lake, landing
from transforms.conform import finish


def record_own(on: dt.date) -> dict[str, int]:
    """Write the own records of a night that is merged; by record kind how many are new or changed.

    They follow from the ledger, the findings and the lake as of that night: running it again
    changes nothing.
    """
    night = Night(on)
    mend(night)
    return {kind: _merged(record, night) for kind, record in own_records().items()}


def _merged(record: Record, night: Night) -> int:
    batch_id = night.batch_id(OWN, record.kind)
    rows: list[dict[str, Any]] = list(import_module(f"{__name__}.{record.kind}").rows(night))
    path = night_folder(night.on) / batch_id / "accepted.parquet"
    write_table(path, _table(record, night, rows, _landed(record, night, rows)))
    counts = lake().merge(record, night, {batch_id: path})[batch_id]
    if lake().unfolded_nights(record) > settings().compact_after_nights:
        lake().compact(record)
    return counts.accepted - counts.unchanged


def _table(record: Record, night: Night, rows: list[dict[str, Any]], sha256: str) -> pa.Table:
    lineage = {"source_id": OWN, "version_at": night.cutoff, "batch_on": night.on}
    placed = [
        {**row, **lineage, "page_sha256": sha256, "page_row": number}
        for number, row in enumerate(rows, start=1)
    ]
    columns = {n: f for n, f in record.columns.items() if n != "is_deleted" and f.type != "hash"}
    schema = pa.schema([(name, field.arrow) for name, field in columns.items()])
    return finish(pa.Table.from_pylist(placed, schema), record)


def _landed(record: Record, night: Night, rows: list[dict[str, Any]]) -> str:
    """Land the rows as a page, with its manifest, and return its hash: what we said that night."""
    content = "".join(
        json.dumps(row, default=str, ensure_ascii=False, sort_keys=True) + "\n" for row in rows
    ).encode()
    sha256 = landing().land(content)
    facts = {"rows": len(rows), "bytes": len(content), "attempts": 1}
    manifest = {
        "source_id": OWN,
        "record": record.kind,
        "batch_on": str(night),
        "collected_at": night.cutoff.isoformat(timespec="seconds"),
        "code_version": code_version(),
        "pages": [{"number": 1, "sha256": sha256, "request": "", **facts}],
        "cursor_before": "",
        "cursor_after": "",
        **facts,
    }
    landing().write_manifest(night.batch_id(OWN, record.kind), manifest)
    return sha256
