"""One page an area: all its figures by theme, with trend, rank and history, and its score."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.areas import NATION
from catalog.written import Language
from publication import score_rules
from publication.charts.tilemap import rows as tiles
from publication.names import area_name
from publication.site.downloads import by, empty
from publication.site.entries import Entry, by_theme
from publication.site.model import File, Page, Site
from publication.site.scores import score_of

KINDS = ("province", "ministry", "other")


def pages(site: Site, language: Language) -> Iterator[Page]:
    for area in site.of_kind(*KINDS):
        known = by_theme(site.release, area.code, language)
        content = {
            "area": area,
            "name": area_name(area.code, language),
            "islands": [r["name_vi"] for r in tiles() if r["belongs_to"] == area.code],
            "themes": {theme: told for theme, found in known.items() if (told := _told(found))},
            "score": score_of(site.release, area.code),
            "rules": score_rules,
        }
        yield Page(f"area/{area.code}.html", "area.html", content)


def _told(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.rows]


def files(site: Site) -> Iterator[File]:
    """Every area's figures; of one that has none the heading alone."""
    found = dict(by(site.release, "area"))
    for area in (NATION, *(area.code for area in site.of_kind(*KINDS))):
        yield File(f"data/area/{area}.csv", found.get(area) or empty(site.release))
