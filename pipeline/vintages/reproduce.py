"""Making a past release again from the lake: ``python -m pipeline.vintages.reproduce RELEASE OUT``
does it by the rules of the process's settings, `reproduced` by the rules that the release names."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalog.errors import PublicationError
from catalog.records import stored_records
from catalog.rulebook import unpack
from catalog.settings import environment, settings
from pipeline.counting import Basis, counted, relations
from pipeline.detections import look
from pipeline.stores import lake
from pipeline.vintages import checksums
from pipeline.vintages.archive import archived
from pipeline.vintages.making import make
from pipeline.vintages.manifest import (
    Manifest,
    folder_of,
    made_with,
    manifest,
    manifest_of,
    sums_of,
    written_with,
)
from pipeline.vintages.vintage import Vintage
from warehouse.files import prepare, put_for_ever


@dataclass(frozen=True)
class Reproduction:
    """How a release compares with itself made again: the files that are the same, those that are
    not, and what has changed since that may explain it."""

    same: list[str]
    different: list[str]
    reasons: list[str]


def reproduced(release: str) -> Reproduction:
    """Make `release` again and compare every file by its hash. Raises PublicationError where it
    lacks what it was made of, and DeclarationError where its rulebook is gone or was changed."""
    told = manifest_of(release)
    with tempfile.TemporaryDirectory(prefix="motcua-again-") as name:
        env = environment(**unpack(archived(told.rulebook), Path(name) / "rules"))
        command = [sys.executable, "-m", "pipeline.vintages.reproduce", release, name]
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        if done.returncode:
            raise PublicationError(f"{release} cannot be made again: {done.stderr.strip()[-2000:]}")
        again = checksums.stated(Path(name) / release)
    folder = folder_of(release)
    stated, spoilt = checksums.stated(folder), checksums.spoilt(folder)
    files = sorted({*stated, *again, *spoilt})
    same = [f for f in files if stated.get(f) == again.get(f) and f not in spoilt]
    reasons = [f"{file} is not what SHA256SUMS says" for file in spoilt]
    different = [f for f in files if f not in same]
    return Reproduction(same, different, [*reasons, *_changes(told)])


def _changes(told: Manifest) -> Iterator[str]:
    """What is no longer as it was when the release was made."""
    for kind, then in told.data.items():
        record = stored_records().get(kind)
        if record is None:
            yield f"{kind} is no longer a record kind"
        elif (now := lake().known(record, told.of_night)).digest != then.digest:
            known = lake().known(record, told.of_night, then.log_version)
            for on, batch, how in known.replaced(now):
                yield f"night {on} of {kind} was replaced since: batch {batch} {how}"
    if told.previous and sums_of(told.previous.release) != told.previous.sums:
        yield f"{told.previous.release}, which its revisions start from, was replaced since"
    yield from _others("made", told.made_with, made_with())
    yield from _others("written", told.written_with, written_with())


def _others(how: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, version in then.items():
        if now.get(name) != version:
            yield f"{how} with {name} {version}, now {now.get(name)}"


def _make(release: str, folder: Path) -> None:
    told = manifest_of(release)
    kept, night = Vintage.published(release), told.of_night
    known = relations(night)
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        seen = look(connection, known, night)
        basis = Basis(release, night, kept.reporting, seen)
        measured = counted(connection, known, basis)
    as_told = {"made_with": told.made_with, "written_with": told.written_with}
    now = manifest(release, night, told.rulebook).model_copy(update=as_told)
    previous = told.previous.release if told.previous else None
    made = make(measured, now.after(previous))
    prepared = prepare(folder, release, made.content)
    put_for_ever(prepared, release)


if __name__ == "__main__":
    _make(sys.argv[1], Path(sys.argv[2]))
