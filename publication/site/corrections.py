"""What a release corrects: its notices, and the revisions that it and others hold."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any

import pyarrow.compute as pc

from catalog.areas import NATION
from catalog.written import Language
from publication.release import Release
from publication.site.model import Site

HEADING = 3
"""Lines before the first notice: title, day, an empty one."""


def notices(release: Release, language: Language) -> list[str]:
    """The lines of its correction notices; none where it has none."""
    file = release.folder / f"corrections.{language}.txt"
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()[HEADING:]
    return [line.removeprefix("- ") for line in lines if line.strip()]


def revised(release: Release) -> int:
    """How many figures on today's borders are others than in the release before."""
    rows = release.table("revision")
    rows = rows.filter(pc.equal(rows["borders"], "34"))
    return int(rows.group_by(["indicator", "area", "period"]).aggregate([]).num_rows)


@lru_cache(maxsize=2)
def _of_nation(releases: tuple[Release, ...]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for release in reversed(releases):
        if release.has("revision"):
            rows = release.table("revision")
            kept = pc.and_(pc.equal(rows["borders"], "34"), pc.equal(rows["area"], NATION))
            for row in rows.filter(
                pc.and_(kept, pc.not_equal(rows["period_type"], "day"))
            ).to_pylist():
                found[row["indicator"]].append(row)
    return dict(found)


def revisions(site: Site, indicator: str) -> list[dict[str, Any]]:
    """The rows of the table `revision` about the nation's figures of an indicator, of all releases
    that are known through the one shown, the newest first."""
    night = site.release.night.on
    known = tuple(r for r in site.releases if r.night.on <= night) or (site.release,)
    return _of_nation(known).get(indicator, [])
