"""What the detectors see on a night, before it is measured, and what they saw as published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.night import Night
from catalog.records import records
from pipeline.releases import release_folder
from pipeline.stores import lake
from transforms.detectors import detect


def look(connection: duckdb.DuckDBPyConnection, known: Mapping[str, str], night: Night) -> pa.Table:
    """DETECTION_SCHEMA: what they see in the records `known` (kind -> relation), and in the
    versions of dossiers that came by `night`."""
    versions = lake().versions(records()["dossier"])
    log = f"(SELECT * FROM {versions} AS version WHERE night <= DATE '{night}')"
    return detect(connection, {**known, "dossier_version": log}, night)


def of_release(found: pa.Table, release: str) -> pa.Table:
    """What was found, as rows of a release."""
    return found.add_column(0, "release", pa.repeat(release, found.num_rows))


def published(as_of: dt.date | None = None) -> pa.Table | None:
    """What the newest release (not after `as_of`) says about the sources; None before there is
    one."""
    folder = release_folder(as_of)
    return folder and pq.read_table(folder / "detection.parquet", partitioning=None)
