"""The list of provinces, ministries and others, with the first headline figures of each."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.written import Language
from publication.site.entries import headlines
from publication.site.history import shown
from publication.site.model import Page, Site

KINDS = ("province", "ministry", "other")
SHOWN = 4
"""How many headline figures have room beside the name."""


def pages(site: Site, language: Language) -> Iterator[Page]:
    first = headlines(site.release)[:SHOWN]
    groups = {
        kind: [
            (area, [shown(site.release, told["code"], area.code) for told in first])
            for area in site.of_kind(kind)
        ]
        for kind in KINDS
    }
    yield Page("areas.html", "areas.html", {"groups": groups, "headlines": first})
