"""Frozen releases: ``YYYY.MM.N``, the N-th of the figures of a month, never changed again."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from catalog.errors import PublicationError
from catalog.finality import ends_on
from catalog.night import Night
from catalog.rulebook import id_of, rulebook
from catalog.settings import settings
from pipeline.releases import release_before
from pipeline.stores import warehouse
from pipeline.vintages.making import Made, finished
from pipeline.vintages.manifest import manifest_of
from pipeline.vintages.vintage import Vintage
from warehouse.files import prepare, put_for_ever

FORM = r"(\d{4})\.(\d{2})\.(\d+)"
LAST = Night(dt.date.max - dt.timedelta(days=1))


def frozen_releases() -> list[str]:
    """The ids of all frozen releases, by month and number."""
    named = (path.name for path in settings().published_dir.glob("*.*.*") if path.is_dir())
    return sorted((name for name in named if re.fullmatch(FORM, name)), key=_place)


def _place(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def next_id(month: str) -> str:
    """The id of the next release of that month (2026-11)."""
    known = [r for r in frozen_releases() if r.startswith(f"{month.replace('-', '.')}.")]
    return f"{month.replace('-', '.')}.{1 + max((_place(r)[2] for r in known), default=0)}"


def candidate(month: str) -> Made:
    """What would be frozen for a month: the newest nightly release, under its new id and with its
    revisions since the last frozen one.

    Raises PublicationError where nothing is published, where the month had not ended by then, and
    where the rules are no longer those that the night measured by.
    """
    newest = release_before(LAST)
    if newest is None:
        raise PublicationError("no nightly release says what it was made of; publish a night first")
    nightly = Vintage.published(newest)
    last = ends_on(month)
    if last is None or last > nightly.night.on or len(month) != len("2026-11"):
        raise PublicationError(f"{month} is not a month that had ended by {newest}")
    if id_of(rulebook()) != nightly.manifest.rulebook:
        raise PublicationError(f"the rules have changed since {newest}: publish that night again")
    told = nightly.manifest.model_copy(update={"release": next_id(month)}).after(_last_frozen())
    figures = _renamed(nightly.figures, told.release)
    return finished(replace(nightly, manifest=told, figures=figures))


def _last_frozen() -> str | None:
    """The frozen release that was made of the newest night."""
    frozen = {(manifest_of(r).night, _place(r)): r for r in frozen_releases()}
    return frozen[max(frozen)] if frozen else None


def _renamed(table: pa.Table, release: str) -> pa.Table:
    """The rows of a release as those of another."""
    place = table.schema.get_field_index("release")
    names = pa.array([release] * table.num_rows, pa.string())
    return table.set_column(place, table.schema.field(place), names)


def freeze(made: Made) -> Path:
    """Keep it for ever, as files and in the warehouse."""
    folder, release = settings().published_dir, made.figures["release"][0].as_py()
    if (folder / release).exists():
        raise PublicationError(f"release {release} is there already, and frozen")
    warehouse().publish(release, made.figures, {}, made.catalogue, made.tables)
    prepared = prepare(folder, release, made.content)
    return put_for_ever(prepared, release)
