"""The provinces' figures of one indicator on the tile map, with the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from catalog import written
from catalog.written import Language
from publication.charts.bar import bar
from publication.charts.scale import class_of, reach, ticks
from publication.charts.tilemap import Tile, tile_map
from publication.names import area_name
from publication.release import Figure
from publication.site.history import shown
from publication.site.history import told as told_of
from publication.site.model import Site
from publication.words import say

CLASSES = 5


class Line(NamedTuple):
    """A province in the table behind the map."""

    area: str
    figure: Figure | None
    bar: str


class Map(NamedTuple):
    """`legend` holds the number of each class and its range as written."""

    told: dict[str, Any]
    period: str
    svg: str
    legend: list[tuple[int, str]]
    lines: list[Line]


def map_of(site: Site, told: dict[str, Any], language: Language) -> Map | None:
    """The map of the newest period that is over of any province; where none is, of the newest
    there is; None where no province has one."""
    code, release = told["code"], site.release
    known = [row for a in site.provinces if (row := shown(release, code, a.code))]
    if not known:
        return None
    row = max(known, key=lambda row: (row.is_over, row.figure.period))
    figures = {r.figure.area: r.figure for r in known if r.figure.period == row.figure.period}
    return _drawn(site, told, figures, row.figure.period, language)


def _drawn(
    site: Site, told: dict[str, Any], figures: dict[str, Figure], period: str, language: Language
) -> Map:
    unit, name = told["unit"], told[f"name_{language}"]
    found = reach(figure.value for figure in figures.values())
    bounds = ticks(*found, CLASSES) if found else []
    tiles = {
        area.code: _tile(area.code, figures.get(area.code), bounds, unit, language)
        for area in site.provinces
    }
    title = say("charts.map", language, name=name, period=written.period(period, language))
    svg = tile_map(tiles, title, say("charts.part_of", language))
    return Map(told, period, svg, _legend(bounds, unit, language), _lines(site, told, figures))


def _tile(
    area: str, figure: Figure | None, bounds: Sequence[float], unit: str, language: Language
) -> Tile:
    name = area_name(area, language)
    text = written.value(figure.value if figure else None, unit, language)
    said = told_of(figure, unit, language) if figure else say("charts.no_figure", language)
    shade = class_of(figure.value, bounds) if figure and figure.value is not None else 0
    told = say("charts.tile", language, area=name, text=said)
    return Tile(text, told, shade, f"area/{area}.html")


def _legend(bounds: Sequence[float], unit: str, language: Language) -> list[tuple[int, str]]:
    value = written.value
    return [
        (number, say("charts.range", language, low=value(low, unit, language),
                     high=value(high, unit, language)))
        for number, (low, high) in enumerate(pairwise(bounds), 1)
    ]  # fmt: skip


def _lines(site: Site, told: dict[str, Any], figures: dict[str, Figure]) -> list[Line]:
    """Best first, those without a figure last."""
    sign = -1 if told["direction"] == "higher_better" else 1
    found = reach((figure.value for figure in figures.values()), 0)
    greatest = found[1] if found else 0
    lines = []
    for area in site.provinces:
        figure = figures.get(area.code)
        lines.append(Line(area.code, figure, bar(figure.value if figure else None, greatest)))
    return sorted(lines, key=lambda line: _order(line, sign))


def _order(line: Line, sign: int) -> tuple[bool, float]:
    value = line.figure.value if line.figure else None
    return value is None, sign * (value or 0)
