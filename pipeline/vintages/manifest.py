"""``release.json``: what a release was made of. It holds no time of any clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from os.path import isfile  # False, where one may not look
from pathlib import Path

from catalog.declarations import Declaration, load_content
from catalog.errors import PublicationError
from catalog.night import Night
from catalog.records import stored_records
from catalog.settings import settings
from pipeline.stores import code_version, lake

NAME = "release.json"
ROOT = Path(__file__).parents[2]
PROGRAM = ("catalog", "transforms")
"""The packages whose programs decide what a figure is."""
LIBRARIES = ("duckdb", "pyarrow")
WRITTEN_BY = ("publication",)
"""The package that decides how figures are written, and never what they are."""
WRITERS = ("babel", "lxml", "pysdmx", "typst", "xlsxwriter")


class Nights(Declaration):
    """What was merged of one record kind through the release's night: `warehouse.lake.Known`."""

    nights: int
    log_version: int
    digest: str


class Previous(Declaration):
    """The release that this one's revisions start from, and the hash of its SHA256SUMS."""

    release: str
    sums: str


class Manifest(Declaration):
    """See the module. `rulebook` names the archived rules, `made_with` the program and the
    libraries by which figures are counted, `written_with` those by which files are written, `data`
    the nights of each record kind."""

    release: str
    night: dt.date
    rulebook: str
    made_with: dict[str, str]
    written_with: dict[str, str] = {}  # noqa: RUF012
    data: dict[str, Nights]
    previous: Previous | None = None

    @property
    def of_night(self) -> Night:
        return Night(self.night)

    def after(self, previous: str | None) -> Manifest:
        """The same, with its revisions starting from the release `previous`."""
        start = Previous(release=previous, sums=sums_of(previous)) if previous else None
        return self.model_copy(update={"previous": start})

    def text(self) -> str:
        content = self.model_dump(mode="json")
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def manifest(release: str, night: Night, rulebook: str) -> Manifest:
    """What is told of a release measured now by the rules `rulebook`."""
    known = {kind: lake().known(record, night) for kind, record in stored_records().items()}
    return Manifest(
        release=release,
        night=night.on,
        rulebook=rulebook,
        made_with=made_with(),
        written_with=written_with(),
        data={
            kind: Nights(nights=len(k.fingerprints), log_version=k.version, digest=k.digest)
            for kind, k in known.items()
        },
    )


def folder_of(release: str) -> Path:
    """Where a release lies: published, or under embargo. Raises PublicationError where there is
    none of that id."""
    for folder in (settings().published_dir / release, settings().embargoed_dir / release):
        if "/" not in release and isfile(folder / "SHA256SUMS"):
            return folder
    raise PublicationError(f"no release {release!r}")


def manifest_of(release: str) -> Manifest:
    """Raises PublicationError for a release without one: it tells nobody what it was made of."""
    file = folder_of(release) / NAME
    if not file.is_file():
        raise PublicationError(f"release {release} has no {NAME}")
    return read(file)


def read(file: Path) -> Manifest:
    return load_content(str(file), Manifest, json.loads(file.read_text(encoding="utf-8")))


def sums_of(release: str) -> str:
    """A hash of all that a release holds."""
    return hashlib.sha256((folder_of(release) / "SHA256SUMS").read_bytes()).hexdigest()


@cache
def made_with() -> dict[str, str]:
    """The program, as installed and by a hash of its text, and the libraries that it counts by."""
    text = (file for file in _files(*PROGRAM) if file.suffix in (".py", ".sql"))
    return {"motcua": code_version(), "program": _digest(text), **_versions(LIBRARIES)}


@cache
def written_with() -> dict[str, str]:
    """The program that writes files and pages, with its texts, and the libraries it does it by."""
    text = (file for file in _files(*WRITTEN_BY) if file.suffix != ".pyc")
    return {"program": _digest(text), **_versions(WRITERS)}


def _versions(libraries: Iterable[str]) -> dict[str, str]:
    return {name: metadata.version(name) for name in libraries}


def _files(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.*"))


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return found.hexdigest()
