"""From the lake's records to the figures of a release: one way for the night, for a release that
is measured again, and for what it would have said had less been known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from catalog.errors import PublicationError
from catalog.night import Night
from catalog.records import stored_records
from pipeline.stores import state
from pipeline.vintages.final import with_vintage
from transforms import breakdowns, indicators
from transforms.detectors import not_fed, unfed
from transforms.figures import withhold
from transforms.identities import broken
from transforms.indicators.living import Memory


@dataclass(frozen=True)
class Basis:
    """What a release is made of beside the records: who reported (REPORTING_SCHEMA), and what the
    detectors saw (DETECTION_SCHEMA)."""

    release: str
    night: Night
    reporting: pa.Table
    detections: pa.Table


@dataclass(frozen=True)
class Counted:
    """What measuring leaves for publishing: all figures (OBSERVATION_SCHEMA) and those of items
    (BREAKDOWN_SCHEMA) as measured, the names of procedures, and what they are made of beside the
    records."""

    observations: pa.Table
    breakdowns: pa.Table
    procedures: pa.Table
    reporting: pa.Table
    detections: pa.Table


def relations(night: Night) -> dict[str, str]:
    """Record kind -> a table expression for its state after `night`."""
    return {kind: state(record, night) for kind, record in stored_records().items()}


def counted(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, str],
    basis: Basis,
    memory: Memory | None = None,
) -> Counted:
    """All that is measured for a release. Raises PublicationError as `refuse_broken`."""
    measured = observations(connection, known, basis, memory)
    refuse_broken(measured, basis.release)
    apart = not_fed(basis.detections)
    by_item = breakdowns.count(connection, known, basis.night, apart, memory)
    return Counted(
        observations=measured,
        breakdowns=breakdowns.observe(by_item, basis.release),
        procedures=breakdowns.procedures(connection, known),
        reporting=basis.reporting,
        detections=basis.detections,
    )


def observations(
    connection: duckdb.DuckDBPyConnection,
    known: Mapping[str, str],
    basis: Basis,
    memory: Memory | None = None,
) -> pa.Table:
    """All figures of the release as measured (OBSERVATION_SCHEMA)."""
    apart = not_fed(basis.detections)
    measures = indicators.measure(connection, known, basis.night, apart, memory)
    return indicators.observe(measures, basis.reporting, basis.night, basis.release, unfed(apart))


def refuse_broken(measured: pa.Table, release: str) -> None:
    """Raises PublicationError where figures that must add up do not: that is our own mistake, and
    nothing of it may be published."""
    for wrong in broken(measured).to_pylist():
        raise PublicationError(
            f"{release}: {wrong['whole']} is not {wrong['parts']} in {wrong['area']},"
            f" {wrong['period']}: {wrong['counted']}, not {wrong['added_up']}"
        )


def published(measured: pa.Table, night: Night) -> pa.Table:
    """What is published of the figures as measured."""
    return with_vintage(withhold(measured, night), night)
