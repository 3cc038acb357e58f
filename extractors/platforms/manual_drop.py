"""Files that an operator puts into a folder when a source cannot be pulled: CSV, XLSX or zip.

A file counts as finished unless its name starts with a dot or ends in ``.part``. The cursor is
the sha256 of every file taken, sorted, one a line: a file is known by its content, not its name.
``<file>.provenance.yml`` beside a file may say since when, by whom and why it lies there; a file
delivered after the night is left for a later one.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Generator, Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pydantic import Field

from catalog.declarations import Declaration, load_file
from catalog.errors import DeclarationError, DeliveryBroken, SourceUnavailable
from catalog.night import Night
from catalog.settings import CATALOG, settings
from catalog.sources import Source
from extractors import files
from extractors.delivery import Page

NEEDS = ()
cuts = files.cuts
PROVENANCE = ".provenance.yml"


class Provenance(Declaration):
    """How a file came into the folder; `delivered_by` is a role, never a person."""

    delivered_on: dt.date
    delivered_by: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class Dropped(NamedTuple):
    """A finished file, and what is said about it."""

    path: Path
    provenance: Provenance | None


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """Every file not yet taken, in the order of their names, cut into pages."""
    taken, number = set(cursor.split()), 0
    for dropped in _dropped(source):
        if dropped.provenance and dropped.provenance.delivered_on > night.on:
            continue
        for cut in _new(source, dropped.path, taken):
            number += 1
            request = _request(dropped, cut)
            yield Page(number, cut.content, cut.rows, request, 1, "\n".join(sorted(taken)))


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The rows of a file's page, by the readers of ``extractors.files``."""
    return files.rows(source, content)


def _request(dropped: Dropped, cut: files.Cut) -> str:
    request = f"file:{dropped.path.name}#rows={cut.first}-{cut.first + cut.rows - 1}"
    if dropped.provenance is None:
        return request
    return f"{request}&{urlencode(dropped.provenance.model_dump())}"


def _folder(source: Source) -> Path:
    places = {
        "{samples}": CATALOG / "samples",
        "{nation_folder}": settings().home / "nation" / "drop" / source.source_id,
    }
    for name, place in places.items():
        if source.folder.startswith(name):
            return place / source.folder.removeprefix(name).lstrip("/")
    return Path(source.folder) if source.folder else settings().home / "drop" / source.source_id


def _dropped(source: Source) -> Iterator[Dropped]:
    folder = _folder(source)
    if not folder.is_dir():
        raise SourceUnavailable(source.source_id, f"there is no folder {folder}")
    found = sorted(path for path in folder.glob(source.file_pattern) if _is_finished(path))
    for path in found:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DeliveryBroken(source.source_id, f"{path.name} lies outside the folder")
    for path in found:
        yield Dropped(path, _provenance(source, path))


def _is_finished(path: Path) -> bool:
    aside = path.name.startswith(".") or path.name.endswith((".part", PROVENANCE))
    return path.is_file() and not aside


def _provenance(source: Source, path: Path) -> Provenance | None:
    beside = path.with_name(path.name + PROVENANCE)
    try:
        return load_file(beside, Provenance) if beside.is_file() else None
    except (DeclarationError, OSError, UnicodeDecodeError):
        problem = f"{beside.name} does not state delivered_on, delivered_by and reason, and no more"
        raise DeliveryBroken(source.source_id, problem) from None


def _new(source: Source, path: Path, taken: set[str]) -> Iterator[files.Cut]:
    """The pages of a file not yet taken, which then counts as taken."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
            if digest in taken:
                return
            taken.add(digest)
            file.seek(0)
            yield from files.cuts(source, path.name, file)
            after = os.fstat(file.fileno())
    except OSError as error:
        problem = f"{path.name} cannot be read ({type(error).__name__})"
        raise SourceUnavailable(source.source_id, problem) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryBroken(source.source_id, f"{path.name} changed while it was read")
