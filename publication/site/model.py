"""What pages are made of, and what a page is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from catalog.areas import Area
from publication.names import known
from publication.release import Release


class Page(NamedTuple):
    """One page of one language: its path below the language's folder (``area/H26.html``), its
    template, and what the template is given."""

    path: str
    template: str
    content: dict[str, Any] = {}  # noqa: RUF012


class File(NamedTuple):
    """A file that both languages use, by its path below the site."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Site:
    """`release` is the one that is shown, `releases` all that may be, newest last; `published` is
    the folder that they lie in, beside the site."""

    release: Release
    releases: Sequence[Release] = field(default=())
    published: Path = Path()

    def of_kind(self, *kinds: str) -> list[Area]:
        """The areas of today of these kinds (province, ministry, other), in the official order."""
        on = self.release.night.on
        living = (a for a in known().values() if a.valid_to is None or a.valid_to >= on)
        return [area for area in living if area.kind in kinds]

    @property
    def provinces(self) -> list[Area]:
        return self.of_kind("province")

    @property
    def ministries(self) -> list[Area]:
        return self.of_kind("ministry")
