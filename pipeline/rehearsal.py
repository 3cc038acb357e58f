"""Trying a source: collect, conform and judge it as tonight would, and leave no trace."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import expectations
import extractors
from catalog.night import Night
from catalog.records import records
from catalog.settings import settings
from catalog.sources import Source
from transforms.conform import conform
from warehouse.landing import Landing


def rehearse(source: Source, night: Night) -> list[dict[str, Any]]:
    """What a first night of this source would bring, for each record kind.

    Writes nothing that stays: pages go to a folder that is deleted. Raises SourceError.
    """
    with tempfile.TemporaryDirectory(prefix="motcua-try-") as folder:
        aside = Landing(Path(folder), settings().secret("LANDING_KEY"))
        return [_one(source, kind, night, aside) for kind in source.records]


def _one(source: Source, kind: str, night: Night, aside: Landing) -> dict[str, Any]:
    record = records()[kind]
    delivery = extractors.collect(source, kind, night, "", aside.land)
    pages = ((sha, extractors.read(source, kind, aside.read(sha))) for sha in delivery.sha256s)
    found = conform(source, record, night, pages, settings().secret("APPLICANT_KEY").encode())
    verdict = expectations.judge(source, record, found.table, night, found.received, [])
    accepted, quarantined = verdict.split(found.table)
    reasons = Counter(f"{r['field']}: {r['reason']}" for r in found.rejects.to_pylist())
    checks = Counter(verdict.findings["check_id"].to_pylist())
    return {
        "source_id": source.source_id,
        "record": kind,
        "decision": verdict.decision,
        "received": found.received,
        "accepted": accepted.num_rows,
        "quarantined": quarantined.num_rows,
        "rejected": found.rejected,
        "duplicate": found.duplicate,
        "unmapped_columns": list(found.unmapped),
        "reject_reasons": dict(reasons),
        "checks": dict(checks),
    }
