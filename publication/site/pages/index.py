"""The first page: the nation's headline figures, the provinces on the map, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from catalog.areas import NATION
from catalog.written import Language
from publication.site.changes import Change, change_of, is_seen, way
from publication.site.corrections import notices, revised
from publication.site.entries import Entry, entry, headlines
from publication.site.maps import map_of
from publication.site.model import Page, Site
from publication.site.targets import Target, is_reached, target_of


class Card(NamedTuple):
    """A headline figure; `way` says which way the change is: better, worse, same; `by_reporters`,
    whether a part of it that can be seen is due to others reporting."""

    entry: Entry
    target: Target | None
    is_reached: bool | None
    change: Change | None
    way: str
    by_reporters: bool = False


def pages(site: Site, language: Language) -> Iterator[Page]:
    first = headlines(site.release)
    found = (map_of(site, told, language) for told in first)
    content = {
        "cards": [_card(site, told["code"], language) for told in first],
        "maps": [drawn for drawn in found if drawn],
        "revised": revised(site.release),
        "notices": notices(site.release, language),
    }
    yield Page("index.html", "index.html", content)


def _card(site: Site, code: str, language: Language) -> Card:
    told = site.release.catalogue[code]
    known = entry(site.release, told, NATION, language)
    if known.row is None:
        return Card(known, None, None, None, "")
    figure = known.row.figure
    target = target_of(told, figure.period)
    change = change_of(site.release, code, figure.period) if known.row.is_over else None
    reached = is_reached(told, figure.value, target)
    by_reporters = is_seen(change.reporters if change else None, told["unit"])
    return Card(known, target, reached, change, way(change, told), by_reporters)
