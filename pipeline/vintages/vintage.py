"""A release with all that it was made of, as far as its revisions depend on it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.night import Night
from catalog.rulebook import Rulebook
from pipeline.vintages.archive import archived
from pipeline.vintages.manifest import Manifest, folder_of, manifest_of


@dataclass(frozen=True)
class Vintage:
    """`figures` has OBSERVATION_SCHEMA, as published."""

    manifest: Manifest
    figures: pa.Table
    reporting: pa.Table
    detections: pa.Table

    @classmethod
    def published(cls, release: str) -> Vintage:
        """One that lies in its folder. Raises PublicationError where there is none, or it does not
        say what it was made of."""
        told, folder = manifest_of(release), folder_of(release)
        figures, reporting, detections = (
            pq.read_table(folder / f"{name}.parquet", partitioning=None)
            for name in ("observations", "reporting", "detection")
        )
        return cls(told, figures, reporting, detections.drop_columns("release"))

    @property
    def release(self) -> str:
        return self.manifest.release

    @property
    def night(self) -> Night:
        return self.manifest.of_night

    @property
    def rules(self) -> Rulebook:
        return archived(self.manifest.rulebook)
