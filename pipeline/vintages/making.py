"""All that a release holds, made of what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from catalog.revisions import REVISION_SCHEMA
from pipeline.counting import Counted, published
from pipeline.detections import of_release
from pipeline.vintages.corrections import WORDS, corrections, notice
from pipeline.vintages.manifest import NAME, Manifest
from pipeline.vintages.revisions import revisions
from pipeline.vintages.vintage import Vintage
from publication.formats import write_formats
from transforms import breakdowns
from transforms.figures import derived
from transforms.indicators import indicators
from transforms.scores import own
from warehouse.files import Content


@dataclass(frozen=True)
class Made:
    """`tables` go to the warehouse and into files, `reporting`, `procedures` and `texts` only into
    files."""

    figures: pa.Table
    catalogue: list[dict[str, Any]]
    tables: dict[str, pa.Table]
    reporting: pa.Table
    procedures: pa.Table
    texts: dict[str, str]

    @property
    def content(self) -> Content:
        """All that goes into its folder."""
        own = {"reporting": self.reporting, "procedure": self.procedures}
        tables = {**self.tables, **own}
        return Content(self.figures, self.catalogue, tables, self.texts, write_formats)


@dataclass(frozen=True)
class Parts:
    """The nation's figures by item (BREAKDOWN_SCHEMA), as published, and the names of procedures.
    No revision depends on them."""

    breakdown: pa.Table
    procedures: pa.Table


def make(counted: Counted, told: Manifest) -> Made:
    """The release that `told` describes, out of what was measured."""
    figures = published(counted.observations, told.of_night)
    parts = Parts(breakdowns.withhold(counted.breakdowns, figures), counted.procedures)
    return finished(Vintage(told, figures, counted.reporting, counted.detections), parts)


def finished(made: Vintage, parts: Parts) -> Made:
    """Everything that follows from the figures to publish."""
    told = made.manifest
    changed, texts = REVISION_SCHEMA.empty_table(), {NAME: told.text()}
    if told.previous:
        earlier = Vintage.published(told.previous.release)
        changed = revisions(earlier, made)
        texts |= _notices(changed, earlier, made)
    return Made(
        figures=made.figures,
        catalogue=[i.model_dump(mode="json") for i in indicators().values()],
        tables={
            **derived(made.figures, told.of_night),
            "score": own(made.figures),
            "detection": of_release(made.detections, told.release),
            "revision": changed,
            "breakdown": parts.breakdown,
        },
        reporting=made.reporting,
        procedures=parts.procedures,
        texts=texts,
    )


def _notices(changed: pa.Table, earlier: Vintage, made: Vintage) -> Mapping[str, str]:
    due = corrections(changed, earlier.figures)
    told = {f"corrections.{language}.txt": notice(due, made.night, language) for language in WORDS}
    return {name: text for name, text in told.items() if text}
