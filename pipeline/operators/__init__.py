"""For those who run the pipeline: the digest of a night, its metrics and its lineage."""

from __future__ import annotations

import json
from pathlib import Path

from catalog.night import Night
from catalog.settings import settings
from pipeline.operators import lineage, metrics
from pipeline.operators.report import Facts, report, words
from pipeline.releases import release_id
from pipeline.stores import warehouse
from warehouse import standing
from warehouse.connections import transaction

__all__ = ["Facts", "as_json", "report", "words", "write"]
NAME = "operators"


def write(folder: Path, night: Night) -> None:
    """Put the digest of the night into its outbox, as text and as JSON, and the night's lineage
    beside that of others, over earlier ones; send its metrics where that is asked for."""
    facts = report(night)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.txt").write_text(words(facts), encoding="utf-8")
    (folder / f"{NAME}.json").write_text(as_json(facts), encoding="utf-8")
    _write_lineage(night)
    if settings().metrics_url:
        metrics.send(list(metrics.samples(facts, night)), settings().metrics_url)


def as_json(facts: Facts) -> str:
    """The report for a program to read."""
    return json.dumps(facts, ensure_ascii=False, default=str, indent=1) + "\n"


def _write_lineage(night: Night) -> None:
    with transaction(warehouse().engine) as connection:
        found = standing.found(connection, night.on)
        observations = standing.observations(connection, release_id(night))
    told = lineage.events(warehouse().ledger(on=night.on), found, observations, night)
    settings().lineage_dir.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in told)
    (settings().lineage_dir / f"{night}.jsonl").write_text(lines, encoding="utf-8")
