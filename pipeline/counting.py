"""From the lake's records to the figures of a release: one way for the night, for a release that
is measured again, and for what it would have said had less been known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from catalog.night import Night
from catalog.records import stored_records
from pipeline.stores import state
from pipeline.vintages.final import with_vintage
from transforms import indicators
from transforms.detectors import not_fed, unfed
from transforms.figures import withhold


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
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, str], basis: Basis
) -> pa.Table:
    """All figures of the release as measured (OBSERVATION_SCHEMA)."""
    apart = not_fed(basis.detections)
    measures = indicators.measure(connection, known, basis.night, apart)
    return indicators.observe(measures, basis.reporting, basis.night, basis.release, unfed(apart))


def published(measured: pa.Table, night: Night) -> pa.Table:
    """What is published of the figures as measured."""
    return with_vintage(withhold(measured, night), night)
