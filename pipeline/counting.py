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
from transforms import indicators
from transforms.detectors import not_fed, unfed
from transforms.figures import withhold
from transforms.identities import broken
from transforms.indicators.counts import Memory


@dataclass(frozen=True)
class Basis:
    """What a release is made of beside the records: who reported (REPORTING_SCHEMA), and what the
    detectors saw (DETECTION_SCHEMA)."""

    release: str
    night: Night
    reporting: pa.Table
    detections: pa.Table


def relations(night: Night) -> dict[str, str]:
    """Record kind -> a table expression for its state after `night`."""
    return {kind: state(record, night) for kind, record in stored_records().items()}


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
