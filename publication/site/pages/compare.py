"""Two areas and two periods side by side: a page that asks, and one script of figures an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow.compute as pc

from catalog import codelists, written
from catalog.areas import NATION, Area
from catalog.written import Language
from publication.names import area_name, code_name
from publication.release import Figure, Release, has_ended
from publication.site.model import File, Page, Site
from publication.site.scripts import script
from publication.words import say

PERIOD_TYPES = ("month", "quarter", "year")
WRITTEN = ("final", "provisional", *(row["code"] for row in codelists.rows("no_value")))
"""What one letter says of each figure, a for the first: how it stands, or why there is none."""
NOTHING = "."


def files(site: Site) -> Iterator[File]:
    """One script an area, ``data/compare/<area>.js``: of each indicator the numerators,
    denominators and letters, from its first period on."""
    periods = [period for kind in PERIOD_TYPES for period in _periods(site.release, kind)]
    for area in _areas(site):
        found = {
            code: told
            for code in site.release.catalogue
            if (told := _figures(site.release, code, area.code, periods))
        }
        told = {"periods": periods, "figures": found}
        yield script("areas", area.code, told, folder="compare")


def _areas(site: Site) -> list[Area]:
    return site.of_kind("nation", "province", "ministry", "other")


def _periods(release: Release, kind: str) -> list[str]:
    """The periods of a kind that have ended, oldest first."""
    of_kind = release.areas.filter(pc.field("period_type") == kind)
    known = of_kind["period"].unique().to_pylist()
    return sorted(period for period in known if has_ended(period, release.night.on))


def _figures(
    release: Release, code: str, area: str, periods: Sequence[str]
) -> dict[str, Any] | None:
    known = {f.period: f for kind in PERIOD_TYPES for f in release.figures(code, area, kind)}
    line = [known.get(period) for period in periods]
    places = [place for place, figure in enumerate(line) if figure]
    return _packed(line[places[0] : places[-1] + 1], places[0]) if places else None


def _packed(line: Sequence[Figure | None], start: int) -> dict[str, Any]:
    shown = [figure if figure and figure.value is not None else None for figure in line]
    coverage = [1 if figure is None else figure.coverage for figure in shown]
    packed = {
        "from": start,
        "n": [figure and figure.numerator for figure in shown],
        "d": [figure and figure.denominator for figure in shown],
        "s": "".join(map(_letter, line)),
    }
    return packed if all(part == 1 for part in coverage) else {**packed, "c": coverage}


def _letter(figure: Figure | None) -> str:
    if figure is None:
        return NOTHING
    return chr(ord("a") + WRITTEN.index(figure.reason or figure.status))


def pages(site: Site, language: Language) -> Iterator[Page]:
    release = site.release
    headline = sorted(t["headline"] for t in release.catalogue.values() if t["headline"])
    content = {
        "groups": {
            kind: [(a.code, area_name(a.code, language)) for a in areas]
            for kind in ("nation", "province", "ministry", "other")
            if (areas := site.of_kind(kind))
        },
        "chosen": (site.provinces[0].code, NATION),
        "kinds": [kind for kind in PERIOD_TYPES if _periods(release, kind)],
        "themes": _themes(release, language),
        "has_headline": bool(headline),
        "words": _words(release, language),
    }
    yield Page("compare.html", "compare.html", content)


def _themes(release: Release, language: Language) -> list[tuple[str, str]]:
    used = {told["theme"] for told in release.catalogue.values()}
    codes = (row["code"] for row in codelists.rows("theme"))
    return [(code, code_name("theme", code, language)) for code in codes if code in used]


def _words(release: Release, language: Language) -> dict[str, Any]:
    by_kind = {kind: _periods(release, kind)[::-1] for kind in PERIOD_TYPES}
    names = ("indicator", "change", "difference", "chart", "caption", "charted", "coverage")
    letters = [_standing(code, language) for code in WRITTEN]
    return {
        "kinds": by_kind,
        "periods": {p: written.period(p, language) for known in by_kind.values() for p in known},
        "letters": {chr(ord("a") + place): text for place, text in enumerate(letters)},
        "indicators": [_told(told, language) for told in release.catalogue.values()],
        "unknown": say("compare.unknown", language),
        "problem": say("ranking.problem", language),
        **{name: say(f"compare.{name}", language) for name in names},
    }


def _standing(code: str, language: Language) -> str:
    if code in ("final", "provisional"):
        return say(f"figure_status.{code}", language)
    return code_name("no_value", code, language)


def _told(told: dict[str, Any], language: Language) -> dict[str, Any]:
    return {
        "code": told["code"],
        "name": told[f"name_{language}"],
        "unit": told["unit"],
        "theme": told["theme"],
        "headline": told["headline"],
        "kinds": [kind for kind in PERIOD_TYPES if kind in told["period_types"]],
    }
