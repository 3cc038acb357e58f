"""The releases: those planned, all that are out, what each corrected, and why figures moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from catalog import codelists
from catalog.written import Language
from publication.calendar import icalendar, planned
from publication.names import code_name
from publication.release import Release
from publication.site.model import File, Page, Site
from publication.words import say

CALENDAR = "calendar.ics"
NIGHTS = 30
"""How many nightly releases the page lists; all frozen ones are."""
LEVELS = (("nation",), ("province",), ("ministry", "other"), ("agency",))
"""The columns of the revisions, by the level of the figures."""
TABLES = ("observations.csv", "ranking.csv", "revision.csv", "release.json", "SHA256SUMS")
"""The files that the list links to; the page of the data has them all."""


class Listed(NamedTuple):
    """One release of the list: what it revises, its notice (empty where it corrected nothing), and
    the files that the list links to."""

    release: Release
    previous: str
    notice: str
    files: list[str]


def files(site: Site) -> Iterator[File]:
    yield File(CALENDAR, icalendar(site.release.night))


def pages(site: Site, language: Language) -> Iterator[Page]:
    known = [_listed(release, language) for release in reversed(site.releases)]
    frozen = [told for told in known if told.release.is_frozen]
    nightly = [told for told in known if not told.release.is_frozen][:NIGHTS]
    ahead = planned(site.release.night)
    content = {
        "planned": ahead,
        "has_notes": any(plan.reason_vi for plan in ahead),
        "groups": {"frozen": frozen, "nightly": nightly},
        "notices": [told for told in (*frozen, *nightly) if told.notice],
        "causes": _causes(site.release, language),
        "calendar": CALENDAR,
    }
    yield Page("releases.html", "releases.html", content)


def _listed(release: Release, language: Language) -> Listed:
    notice = release.folder / f"corrections.{language}.txt"
    previous = release.told.get("previous")
    return Listed(
        release,
        str(previous["release"]) if previous else "",
        notice.read_text(encoding="utf-8") if notice.exists() else "",
        [name for name in TABLES if (release.folder / name).exists()],
    )


class Cause(NamedTuple):
    """How many figures of each of LEVELS moved for one cause."""

    name: str
    meaning: str
    figures: list[int]


def _causes(release: Release, language: Language) -> list[Cause]:
    """Of the figures on today's borders, in the order in which causes are told."""
    rows = release.table("revision").select(["borders", "cause", "level"]).to_pylist()
    found = Counter((row["cause"], row["level"]) for row in rows if row["borders"] == "34")
    counted = {
        row["code"]: [sum(found[row["code"], level] for level in levels) for levels in LEVELS]
        for row in codelists.rows("revision_cause")
    }
    return [
        Cause(
            code_name("revision_cause", code, language), say(f"methods.{code}", language), figures
        )
        for code, figures in counted.items()
        if any(figures)
    ]
