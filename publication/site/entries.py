"""What a page shows of one indicator and one area."""

from __future__ import annotations

from typing import Any, NamedTuple

from catalog import codelists
from catalog.written import Language
from publication.charts.spark import spark
from publication.release import Release
from publication.site.history import Row, history, points, trend
from publication.site.places import Place, place_of

SHOWN = 13
"""How many periods stand on a page: a year, and the month of the year before. The file has all."""


class Entry(NamedTuple):
    """An indicator's definition as the release has it, its figures with the newest first, the
    trend, and the place among `peers` that have one."""

    told: dict[str, Any]
    rows: list[Row]
    has_more: bool
    spark: str
    place: Place | None
    peers: int

    @property
    def row(self) -> Row | None:
        """The newest figure of a period that is over; where no period is, the newest there is."""
        return newest(self.rows)


def newest(rows: list[Row]) -> Row | None:
    return next((row for row in rows if row.is_over), rows[0] if rows else None)


def entry(release: Release, told: dict[str, Any], area: str, language: Language) -> Entry:
    known = history(release, told["code"], area)
    rows, row = known[:SHOWN], newest(known)
    charted = points(rows, told["unit"], language)
    period = row.figure.period if row else ""
    place, peers = place_of(release, told["code"], period, area) or (None, 0)
    drawn = spark(charted, trend(charted, language)) if len(charted) > 1 else ""
    return Entry(told, rows, len(known) > SHOWN, drawn, place, peers)


def by_theme(release: Release, area: str, language: Language) -> dict[str, list[Entry]]:
    """The indicators by theme, the headline figures of each first."""
    found: dict[str, list[Entry]] = {row["code"]: [] for row in codelists.rows("theme")}
    for told in sorted(release.catalogue.values(), key=lambda told: told["headline"] or 99):
        found[told["theme"]].append(entry(release, told, area, language))
    return found


def headlines(release: Release) -> list[dict[str, Any]]:
    """The definitions of the headline figures, in their order."""
    known = (told for told in release.catalogue.values() if told["headline"])
    return sorted(known, key=lambda told: told["headline"])
