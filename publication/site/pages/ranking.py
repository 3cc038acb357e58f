"""The ranking of provinces and of ministries by each ranked indicator. The first indicator stands
in the page; the others come as scripts of their own when they are chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from catalog import codelists, written
from catalog.areas import NATION
from catalog.written import NONE, Language
from publication.names import area_name, code_name
from publication.release import Release, has_ended
from publication.site.model import File, Page, Site
from publication.site.scripts import script
from publication.words import say

KINDS = ("province", "ministry")
PERIOD_TYPES = ("month", "quarter", "year")
TIERS = ("better", "similar", "worse")
NOT_SAID = (None, None, "missing")
Period = tuple[str, str]
"""Its kind and its name."""


class Row(NamedTuple):
    """One area's place, as the script's files have it too. `low` and `high` are rounded as they are
    shown; everything else is as it is published."""

    area: str
    rank: int | None
    tied_with: int | None
    tier: str
    low: float | None
    high: float | None
    numerator: int | None
    denominator: int | None
    coverage: float | None
    reason: str

    @property
    def value(self) -> float | None:
        told = self.numerator, self.denominator
        return None if told[0] is None or not told[1] else told[0] / told[1]


class Ranking(NamedTuple):
    """One indicator's rankings by period, newest first and the shortest periods before the longer,
    and the nation's own numerator, denominator and status."""

    rows: Mapping[str, Sequence[Row]]
    nation: Mapping[str, tuple[int | None, int | None, str]]


def ranked(release: Release) -> list[str]:
    """The indicators that have a ranking: headline figures first, then by theme."""
    known = release.catalogue.values()
    themes = [row["code"] for row in codelists.rows("theme")]
    return [
        told["code"]
        for told in sorted(known, key=lambda t: (t["headline"] or 99, themes.index(t["theme"])))
        if told["is_ranked"]
    ]


def rankings(release: Release, *indicators: str) -> dict[str, Ranking]:
    """The rankings on today's borders of the periods that have ended."""
    table = release.table("ranking")
    wanted = pc.is_in(table["indicator"], pa.array(indicators))
    table = table.filter(pc.and_(wanted, pc.equal(table["borders"], "34")))
    found: dict[str, dict[Period, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for told in table.to_pylist():
        if has_ended(told["period"], release.night.on):
            found[told["indicator"]][told["period_type"], told["period"]].append(_row(told))
    return {code: _ranking(release, code, found[code]) for code in indicators if code in found}


def _row(told: Mapping[str, Any]) -> Row:
    ends = {end: None if told[end] is None else round(told[end], 3) for end in ("low", "high")}
    return Row(**{name: told[name] for name in Row._fields} | ends)


def _ranking(release: Release, code: str, found: Mapping[Period, list[Row]]) -> Ranking:
    nation = {
        figure.period: (figure.numerator, figure.denominator, figure.status)
        for kind in PERIOD_TYPES
        for figure in release.figures(code, NATION, kind)
    }
    newest = sorted(found, key=lambda period: period[1], reverse=True)
    order = sorted(newest, key=lambda period: PERIOD_TYPES.index(period[0]))
    rows = {period: sorted(found[kind, period], key=_place) for kind, period in order}
    return Ranking(rows, {period: nation.get(period, NOT_SAID) for period in rows})


def _place(row: Row) -> tuple[bool, int, str]:
    return row.rank is None, row.rank or 0, row.area


def files(site: Site) -> Iterator[File]:
    """One script an indicator: ``data/ranking/<indicator>.js``."""
    for code, ranking in rankings(site.release, *ranked(site.release)).items():
        told = {
            "unit": site.release.catalogue[code]["unit"],
            "periods": list(ranking.rows),
            "nation": ranking.nation,
            "rows": ranking.rows,
        }
        yield script("ranking", code, told)


def pages(site: Site, language: Language) -> Iterator[Page]:
    codes = ranked(site.release)
    found = rankings(site.release, *codes)
    codes = [code for code in codes if code in found]
    first = codes[0] if codes else ""
    periods = {period for ranking in found.values() for period in ranking.rows}
    content = {
        "themes": by_theme(site.release, codes, language),
        "first": first,
        "ranking": found.get(first),
        "kinds": KINDS,
        "unit": site.release.catalogue[first]["unit"] if first else "",
        "cells": partial(cells, language=language),
        "words": _words(site, periods, language),
    }
    yield Page("ranking.html", "ranking.html", content)


def by_theme(
    release: Release, codes: Sequence[str], language: Language
) -> dict[str, list[tuple[str, str]]]:
    """Code and name of indicators below the names of their themes."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code in codes:
        told = release.catalogue[code]
        found[code_name("theme", told["theme"], language)].append((code, told[f"name_{language}"]))
    return dict(found)


class Cell(NamedTuple):
    """What is written, and by what a column is sorted (nothing where there is no number)."""

    text: str
    sort: float | None = None


def cells(row: Row, unit: str, language: Language) -> list[Cell]:
    """Value, interval, cases and coverage of one row."""
    value = partial(written.value, unit=unit, language=language)
    count = partial(written.count, language=language)
    between = NONE if row.low is None else f"{value(row.low)} – {value(row.high)}"
    counted = row.numerator is not None and unit != "score"
    cases = f"{count(row.numerator)} / {count(row.denominator)}" if counted else NONE
    return [
        Cell(value(row.value), row.value),
        Cell(between, row.low),
        Cell(cases, row.denominator),
        Cell(written.share(row.coverage, language), row.coverage),
    ]


def _words(site: Site, periods: set[str], language: Language) -> dict[str, Any]:
    areas = site.provinces + site.ministries
    return {
        "areas": {area.code: (area_name(area.code, language), area.kind) for area in areas},
        "periods": {period: written.period(period, language) for period in sorted(periods)},
        "tiers": {tier: say(f"site.tier_{tier}", language) for tier in TIERS},
        "reasons": reasons(language),
        "status": statuses(language),
        "tied": say("site.tied", language),
        "nation": say("ranking.nation", language),
        "problem": say("ranking.problem", language),
    }


def reasons(language: Language) -> dict[str, str]:
    """Why there is no number, by code."""
    codes = [row["code"] for row in codelists.rows("no_value")]
    return {code: code_name("no_value", code, language) for code in codes}


def statuses(language: Language) -> dict[str, str]:
    """How a figure stands, by status."""
    known = ("provisional", "final", "no_data", "missing", "withheld")
    return {status: say(f"figure_status.{status}", language) for status in known}
