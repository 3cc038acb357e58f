"""The site: made again whenever a release is published, beside the releases that it is made of."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from catalog.errors import PublicationError
from catalog.settings import settings
from publication.release import releases
from publication.site.build import build
from publication.site.model import Site
from warehouse.files import put_in_place

FOLDER = "site"
NOTHING = "no nightly release says what it was made of; publish a night first"


def pages() -> Path:
    """Build the site of the newest nightly release, with all that came before it, put it in its
    place in one step, and return its first page.

    The same releases give the same pages. Raises PublicationError where nothing is published.
    """
    published = settings().published_dir
    if not published.is_dir():
        raise PublicationError(NOTHING)
    with (published / ".pages.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the nights' pages, and those of a release that opens
        known = releases(published)
        nightly = [release for release in known if not release.is_frozen]
        if not nightly:
            raise PublicationError(NOTHING)
        new = published / f".{FOLDER}.new"
        build(Site(nightly[-1], known, published), new)
        put_in_place(new, published / FOLDER, _digest(new))
    return front_page()


def front_page() -> Path:
    """Where a reader begins."""
    return settings().published_dir / FOLDER / "vi" / "index.html"


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        found.update(file.relative_to(folder).as_posix().encode() + b"\n")
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:12]
