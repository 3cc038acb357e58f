"""Detect: every detector over every source's records of the last 90 days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.outcomes import DETECTION_SCHEMA
from catalog.sources import Source, sources
from transforms.detectors.declaration import Detector, detectors
from transforms.detectors.statement import statement
from transforms.indicators.statement import DUCKDB, viewed
from transforms.indicators.views import views

ORDER = ("source_id", "detector")


def detect(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], night: Night
) -> pa.Table:
    """What each source's own rows show, as DETECTION_SCHEMA by source and detector; a row for
    every detector that had enough records to judge it, found or not.

    `relations` are those of `measure`, and ``dossier_version``, the log. One scan for each record
    kind and view; one whose records are not there is left out.
    """
    living = {kind: _living(relation) for kind, relation in relations.items()}
    rows = [row for group in groups() for row in _looked_at(connection, group, living, night)]
    found = pa.Table.from_pylist(rows, DETECTION_SCHEMA)
    return found.sort_by([(name, "ascending") for name in ORDER])


def groups() -> list[list[Detector]]:
    """The detectors by record kind and view."""

    def scan(detector: Detector) -> tuple[str, str]:
        return detector.record, detector.view

    return [list(group) for _, group in groupby(sorted(detectors().values(), key=scan), scan)]


def _living(relation: str) -> str:
    return f"(SELECT * FROM {relation} AS held WHERE is_deleted IS NOT TRUE)"


def _looked_at(
    connection: duckdb.DuckDBPyConnection,
    group: list[Detector],
    relations: Mapping[str, str],
    night: Night,
) -> list[dict[str, Any]]:
    record, view = group[0].record, group[0].view
    if record not in relations:
        return []
    relation = relations[record]
    if view:
        try:
            relation = viewed(views()[view], relations, night, DUCKDB)
        except KeyError:  # a record kind of the view is not here
            return []
    counted = connection.sql(statement(group, relation, night, DUCKDB)).to_arrow_table()
    return list(detections(group, counted.to_pylist(), night))


def detections(
    group: Sequence[Detector], counted: Sequence[Mapping[str, Any]], night: Night
) -> Iterator[dict[str, Any]]:
    """The rows of DETECTION_SCHEMA that the counts of a `statement` say."""
    for counts in counted:
        source = sources().get(counts["source_id"])
        for number, detector in enumerate(group):
            of = counts[f"of_{number}"]
            cases = max(counts[f"cases_{number}_{j}"] for j in range(len(detector.marks)))
            if source and of >= detector.minimum:
                is_accepted = source.accepts(detector.name, night.on)
                found = cases / of >= detector.threshold and not is_accepted
                yield _detection(detector, source, cases, of, is_found=found)


def _detection(
    detector: Detector, source: Source, cases: int, of: int, *, is_found: bool
) -> dict[str, Any]:
    return {
        "source_id": source.source_id,
        "area": source.area,
        "detector": detector.name,
        "kind": detector.kind,
        "cases": cases,
        "of": of,
        "share": cases / of,
        "threshold": detector.threshold,
        "is_found": is_found,
        "column_name": detector.column,
    }
