"""The files of the newest release and of the frozen ones: what each is for, and where it stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.numbers import format_decimal

from catalog.written import Language
from publication.formats import about
from publication.release import Release
from publication.site.model import Page, Site
from publication.words import say, words

SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"
FROZEN = 12
"""Of how many frozen releases the page lists the files; the page of releases lists them all."""


class Download(NamedTuple):
    """One file of a release: its name, what it is for, its size as it is written, its SHA-256
    (empty of the file of sums itself)."""

    name: str
    about: str
    size: str
    sha256: str


def pages(site: Site, language: Language) -> Iterator[Page]:
    frozen = [release for release in reversed(site.releases) if release.is_frozen][:FROZEN]
    content = {
        "files": downloads(site.release, language),
        "frozen": [(release, downloads(release, language)) for release in frozen],
        "structure": _structure(site.release),
    }
    yield Page("data.html", "data.html", content)


def downloads(release: Release, language: Language) -> list[Download]:
    """Every file of a release by name."""
    lines = (release.folder / SUMS).read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = sorted(file for file in release.folder.iterdir() if file.is_file())
    return [
        Download(file.name, purpose(file, language), _size(file, language), sums.get(file.name, ""))
        for file in files
    ]


def purpose(file: Path, language: Language) -> str:
    """What a file of a release is for: as its format tells, or as this page does by the name up to
    the first dot. Nothing of a file of a past release that nobody makes any more."""
    if told := about(file.name):
        return told[language]
    key = f"data.about_{file.name.split('.')[0].lower()}"
    return say(key, language) if key in words() else ""


def _size(file: Path, language: Language) -> str:
    size = file.stat().st_size
    if size < 1000:
        return f"{size} B"
    unit, part = ("MB", 1e6) if size >= 1e6 else ("kB", 1e3)
    return f"{format_decimal(size / part, '#,##0.0', language)} {unit}"


def _structure(release: Release) -> str:
    """The version of the files' structure, where the release states one."""
    package = release.folder / PACKAGE
    if not package.exists():
        return ""
    told = json.loads(package.read_text(encoding="utf-8"))
    return str(told["structure_version"])
