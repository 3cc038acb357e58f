"""Cutting a release: ``YYYY.MM.N``, the N-th of the figures of a month, never changed again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import PublicationError
from catalog.night import Night
from catalog.release_calendar import due, last_day
from catalog.rulebook import id_of, rulebook
from pipeline.releases import release_before
from pipeline.vintages.embargo import keep_apart, open_due
from pipeline.vintages.frozen import month_of, next_id, order_of, public, waiting
from pipeline.vintages.making import Made, Parts, finished
from pipeline.vintages.manifest import folder_of, manifest_of
from pipeline.vintages.vintage import Vintage

LAST = Night(dt.date.max - dt.timedelta(days=1))


def candidate(month: str) -> Made:
    """What would be frozen for a month: the newest nightly release, under its new id and with its
    revisions since the last frozen one.

    Raises PublicationError where nothing is published, where it is no month that had ended by then,
    and where the rules are no longer those that the night measured by.
    """
    newest = release_before(LAST)
    if newest is None:
        raise PublicationError("no nightly release says what it was made of; publish a night first")
    nightly = Vintage.published(newest)
    if last_day(month) > nightly.night.on:
        raise PublicationError(f"{month} is not a month that had ended by {newest}")
    if id_of(rulebook()) != nightly.manifest.rulebook:
        raise PublicationError(f"the rules have changed since {newest}: publish that night again")
    named = nightly.manifest.model_copy(update={"release": next_id(month)})
    told = named.after(_last_frozen(month))
    figures = _renamed(nightly.figures, told.release)
    parts = _parts(newest)
    parts = replace(parts, breakdown=_renamed(parts.breakdown, told.release))
    return finished(replace(nightly, manifest=told, figures=figures), parts)


def _parts(release: str) -> Parts:
    breakdown, procedures = (
        pq.read_table(folder_of(release) / f"{name}.parquet", partitioning=None)
        for name in ("breakdown", "procedure")
    )
    return Parts(breakdown, procedures)


def _last_frozen(month: str) -> str | None:
    """The frozen release that was made of the newest night, among those that are public when the
    releases of `month` are: a revision must not tell what is under embargo for longer."""
    known = [*public(), *(name for name in waiting() if due(month_of(name)) <= due(month))]
    frozen = {(manifest_of(name).night, order_of(name)): name for name in known}
    return frozen[max(frozen)] if frozen else None


def _renamed(table: pa.Table, release: str) -> pa.Table:
    """The rows of a release as those of another."""
    place = table.schema.get_field_index("release")
    names = pa.array([release] * table.num_rows, pa.string())
    return table.set_column(place, table.schema.field(place), names)


def freeze(made: Made, at: dt.datetime) -> Path:
    """Keep it for ever: public where the hour of its month has come by `at`, else under embargo.
    Returns where it lies."""
    release = made.figures["release"][0].as_py()
    keep_apart(release, made.content)
    open_due(at)
    return folder_of(release)
