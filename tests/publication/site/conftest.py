"""One site, built once, of releases made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from publication.release import releases
from publication.site.build import build
from publication.site.model import Site
from tests.publication.site.made import NEWEST, publish


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The newest of three releases, with the others beside it."""
    published = tmp_path_factory.mktemp("published")
    publish(published)
    known = releases(published)
    return Site(next(release for release in known if release.id == NEWEST), known, published)


@pytest.fixture(scope="session")
def built(site: Site) -> Path:
    """The folder of the site built of it, beside the releases."""
    folder = site.published / "site"
    build(site, folder)
    return folder
