"""``release.json``: what a release was made of. It holds no time of any clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import cache
from importlib import metadata
from pathlib import Path

from catalog.declarations import Declaration, load_content
from catalog.errors import PublicationError
from catalog.night import Night
from catalog.records import stored_records
from catalog.settings import settings
from pipeline.stores import code_version, lake

NAME = "release.json"
PROGRAM = ("catalog", "transforms")
"""The packages whose programs decide what a figure is."""
LIBRARIES = ("duckdb", "pyarrow")


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
    libraries, `data` the nights of each record kind."""

    release: str
    night: dt.date
    rulebook: str
    made_with: dict[str, str]
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
        data={
            kind: Nights(nights=len(k.fingerprints), log_version=k.version, digest=k.digest)
            for kind, k in known.items()
        },
    )


def folder_of(release: str) -> Path:
    """Where a release lies. Raises PublicationError where there is none of that id."""
    folder = settings().published_dir / release
    if "/" in release or not (folder / "SHA256SUMS").is_file():
        raise PublicationError(f"no release {release!r}")
    return folder


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
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return {"motcua": code_version(), "program": _program(), **libraries}


def _program() -> str:
    root = Path(__file__).parents[2]
    found = hashlib.sha256()
    for package in PROGRAM:
        for file in sorted((root / package).rglob("*.*")):
            if file.suffix in (".py", ".sql"):
                found.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return found.hexdigest()
