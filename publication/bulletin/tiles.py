"""The tile map: each province as a tile with its value, coloured by steps."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from catalog import written
from catalog.written import Language
from publication import charts
from publication.bulletin.headline import status
from publication.bulletin.month import of_period
from publication.names import area_name
from publication.release import Figure, Release
from publication.words import say

TILES = Path(charts.__file__).with_name("tiles.csv")
STEPS = 5
"""A range is cut into about as many steps of a round width, so never more than one above it."""


def tile_map(
    release: Release, entry: Mapping[str, Any], month: str, language: Language
) -> dict[str, Any]:
    """The tiles by row and column with the step of each value, from 0, and the legend of the
    steps. A tile without a number has no step."""
    tiles = list(csv.DictReader(TILES.read_text(encoding="utf-8").splitlines()))
    codes = [tile["belongs_to"] or tile["code"] for tile in tiles]
    figures = {code: of_period(release, entry["code"], code, month) for code in codes}
    known = [f.value for f in figures.values() if f and f.value is not None]
    low, width = scale(known)
    drawn = [_tile(tile, figures, entry, (low, width), language) for tile in tiles]
    return {
        "title": say("bulletin.map", language, indicator=entry[f"name_{language}"]),
        "tiles": drawn,
        "legend": _legend(known, low, width, entry["unit"], language),
        "hidden": _hidden(tiles, figures, language),
        "alt": _alt(tiles, figures, entry, language),
    }


def scale(known: list[float]) -> tuple[float, float]:
    """Where the steps begin and how wide they are: 1, 2 or 5 of a power of ten."""
    if not known or max(known) == min(known):
        return (min(known, default=0.0), 1.0)
    raw = (max(known) - min(known)) / STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    width = next(k * power for k in (1, 2, 5, 10) if k * power >= raw * (1 - 1e-9))
    return (math.floor(min(known) / width) * width, width)


def step(value: float, low: float, width: float) -> int:
    """The step that a value lies in; one on a border lies in the upper."""
    return math.floor((value - low) / width + 1e-9)


def _tile(
    tile: Mapping[str, str],
    figures: Mapping[str, Figure | None],
    entry: Mapping[str, Any],
    steps: tuple[float, float],
    language: Language,
) -> dict[str, Any]:
    figure = figures[tile["belongs_to"] or tile["code"]]
    value = figure.value if figure else None
    whole = area_name(tile["belongs_to"], language) if tile["belongs_to"] else ""
    return {
        "row": int(tile["row"]),
        "column": int(tile["column"]),
        "name": tile["name_vi"],
        "value": f"({whole})" if whole else written.value(value, entry["unit"], language),
        "step": None if value is None else step(value, *steps),
        "is_island": bool(whole),
    }


def _legend(
    known: list[float], low: float, width: float, unit: str, language: Language
) -> list[str]:
    """One text a step. Borders are written as values are."""
    if not known:
        return []
    borders = [low + width * n for n in range(step(max(known), low, width) + 2)]
    texts = [written.value(border, unit, language) for border in borders]
    return [say("bulletin.step", language, low=low, high=high) for low, high in pairwise(texts)]


def _hidden(
    tiles: list[dict[str, str]], figures: Mapping[str, Figure | None], language: Language
) -> str:
    """Why how many provinces have no number; empty where all have."""
    own = [figures[tile["code"]] for tile in tiles if not tile["belongs_to"]]
    reasons = Counter(status(f, language) for f in own if f is None or f.value is None)
    listed = [
        say("bulletin.reason", language, reason=r, count=n) for r, n in sorted(reasons.items())
    ]
    return say("bulletin.hidden", language, reasons="; ".join(listed)) if listed else ""


def _alt(
    tiles: list[dict[str, str]],
    figures: Mapping[str, Figure | None],
    entry: Mapping[str, Any],
    language: Language,
) -> str:
    """The map in words: every province with its value, or why it has none."""
    own = (tile for tile in tiles if not tile["belongs_to"])
    values = "; ".join(
        f"{t['name_vi']} {_spoken(figures[t['code']], entry, language)}" for t in own
    )
    return say("bulletin.map_alt", language, indicator=entry[f"name_{language}"], values=values)


def _spoken(figure: Figure | None, entry: Mapping[str, Any], language: Language) -> str:
    if figure is None or figure.value is None:
        return status(figure, language).lower()
    return written.value(figure.value, entry["unit"], language)
