"""Trying a source: collect, conform and judge it as tonight would, and leave no trace."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

import extractors
from catalog.night import Night
from catalog.records import records
from catalog.settings import settings
from catalog.sources import Source
from extractors import Delivery
from pipeline.deviations import refuse_unknown
from pipeline.discretion import Discretion
from pipeline.trial import NOTHING_BEFORE, weigh
from warehouse.landing import Landing

EXAMPLES = 3
"""How many examples of each problem are shown."""


def rehearse(source: Source, night: Night) -> list[dict[str, Any]]:
    """What a first night of this source would bring, for each record kind.

    Writes nothing that stays: pages go to a folder that is deleted. Raises SourceError, and
    DeclarationError where the source's file is wrong.
    """
    refuse_unknown(source)
    with tempfile.TemporaryDirectory(prefix="motcua-try-") as folder:
        aside = Landing(Path(folder), settings().secret("LANDING_KEY"))
        return [_one(source, kind, night, aside) for kind in source.records]


def _one(source: Source, kind: str, night: Night, aside: Landing) -> dict[str, Any]:
    record = records()[kind]
    delivery = extractors.collect(source, kind, night, "", aside.land)
    pages = ((sha, extractors.read(source, kind, aside.read(sha))) for sha in delivery.sha256s)
    found, verdict = weigh(source, record, night, pages, NOTHING_BEFORE)
    accepted, quarantined = verdict.split(found.table)
    cells = _Cells(source, kind, delivery, aside)
    return {
        "source_id": source.source_id,
        "record": kind,
        "decision": verdict.decision,
        "problem": verdict.problem,
        "received": found.received,
        "accepted": accepted.num_rows,
        "quarantined": quarantined.num_rows,
        "rejected": found.rejected,
        "duplicate": found.duplicate,
        "unmapped_columns": list(found.unmapped),
        "unmapped_shapes": cells.shapes(found.unmapped),
        **_rejects(found.rejects, cells),
        **_findings(verdict.findings, cells),
    }


class _Cells:
    """The cells that were turned away, by page and row, as far as they may be shown."""

    def __init__(self, source: Source, kind: str, delivery: Delivery, aside: Landing) -> None:
        self.source, self.kind, self.aside = source, kind, aside
        self.numbers = {sha: n for n, sha in reversed(list(enumerate(delivery.sha256s, start=1)))}
        self.discretion = Discretion(source, kind)

    def of(self, rejects: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
        """Each reject with its cell, read page by page from the landing."""
        for sha in dict.fromkeys(reject["page_sha256"] for reject in rejects):
            rows = list(extractors.read(self.source, self.kind, self.aside.read(sha)))
            for reject in (r for r in rejects if r["page_sha256"] == sha):
                row = rows[reject["page_row"] - 1]
                yield reject, self.discretion.shown(row, reject["field"])

    def shapes(self, columns: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each of these columns how often its commonest shapes occur; empty cells count not."""
        found: dict[str, Counter[str]] = {column: Counter() for column in columns}
        for sha in self.numbers if columns else []:
            for row in extractors.read(self.source, self.kind, self.aside.read(sha)):
                for column in set(row) & set(columns) if isinstance(row, dict) else ():
                    found[column][self.discretion.shown(row, column)] += 1
        return {
            column: {drawn: n for drawn, n in counts.most_common(EXAMPLES) if drawn}
            for column, counts in found.items()
        }

    def place(self, found: dict[str, Any]) -> dict[str, Any]:
        sha = found["page_sha256"]
        return {"page": self.numbers[sha] if sha else None, "row": found["page_row"]}


def _rejects(rejects: pa.Table, cells: _Cells) -> dict[str, Any]:
    """Counts by column and reason, examples of each, and how often each unknown word occurs."""
    reasons: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    examples = []
    for reject, cell in cells.of(rejects.to_pylist()):
        column, reason = reject["field"], reject["reason"]
        problem = f"{column}: {reason}"
        reasons[problem] += 1
        if reason == "unknown_code":
            words.setdefault(column, Counter())[cell] += 1
        if reasons[problem] <= EXAMPLES:
            where = cells.place(reject)
            examples.append({**where, "column": column, "reason": reason, "cell": cell})
    return {
        "reject_reasons": dict(reasons),
        "reject_examples": examples,
        "unknown_words": {column: dict(counts.most_common()) for column, counts in words.items()},
    }


def _findings(findings: pa.Table, cells: _Cells) -> dict[str, Any]:
    """Counts by check, and where the first rows stand that each found."""
    checks: Counter[str] = Counter()
    examples = []
    for finding in findings.to_pylist():
        check = finding["check_id"]
        checks[check] += 1
        if checks[check] <= EXAMPLES and finding["page_sha256"]:
            examples.append({**cells.place(finding), "check": check})
    return {"checks": dict(checks), "check_examples": examples}
