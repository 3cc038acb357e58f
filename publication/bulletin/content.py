"""All that a bulletin says, written in its language: what ``bulletin.typ`` is given."""

from __future__ import annotations

from typing import Any

from catalog import written
from catalog.finality import final_from
from catalog.written import Language
from publication.bulletin.corrections import corrections
from publication.bulletin.headline import headline
from publication.bulletin.month import is_final, month_of, monthly
from publication.bulletin.movers import movers
from publication.bulletin.tiers import by_tier, tiers
from publication.bulletin.tiles import tile_map
from publication.release import Release
from publication.words import say


def content(release: Release, language: Language) -> dict[str, Any]:
    """Texts and numbers by the part of the page that shows them. The release has at least one
    headline indicator by month."""
    month = month_of(release)
    coloured = monthly(release)[0]
    return {
        "language": language,
        "masthead": _masthead(release, month, language),
        "headline": headline(release, month, language),
        "movers": movers(release, month, language),
        "map": tile_map(release, coloured, month, language),
        "by_tier": by_tier(release, month, language),
        "tiers": tiers(release, coloured, month, language),
        "corrections": corrections(release, language),
        "method": _method(release, month, language),
        "more": say("bulletin.more", language, count="{n}"),
        "page": say("bulletin.page", language, release=release.id),
    }


def _masthead(release: Release, month: str, language: Language) -> dict[str, Any]:
    told = is_final(release, month)
    on = final_from(month)
    name = written.period(month, language)
    return {
        "title": say("bulletin.title", language),
        "subtitle": say("bulletin.subtitle", language),
        "document": say("bulletin.document", language, month=name),
        "month": name,
        "release": say("bulletin.release", language, release=release.id),
        "as_of": say("bulletin.as_of", language, night=written.day(release.night.on, language)),
        "is_final": told,
        "mark": say("bulletin.final" if told else "bulletin.provisional", language),
        "final_from": ""
        if told or on is None
        else say("bulletin.final_from", language, day=written.day(on, language)),
    }


def _method(release: Release, month: str, language: Language) -> dict[str, Any]:
    notes = ("counted", "withheld", "interval", "guard")
    return {
        "title": say("bulletin.method", language),
        "notes": [say(f"bulletin.method_{note}", language) for note in notes],
        "files_title": say("bulletin.files", language),
        "files": say("bulletin.method_files", language, release=release.id, month=month),
    }
