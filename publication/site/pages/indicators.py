"""The list of indicators by theme, with the nation's newest figure of each."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.areas import NATION
from catalog.written import Language
from publication.site.entries import by_theme
from publication.site.model import Page, Site


def pages(site: Site, language: Language) -> Iterator[Page]:
    known = by_theme(site.release, NATION, language)
    themes = {theme: entries for theme, entries in known.items() if entries}
    yield Page("indicators.html", "indicators.html", {"themes": themes})
