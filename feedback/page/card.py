"""The score card as the page shows it: a tile for each dimension, and the numbers by night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.score_card import Dimension, Level, Score
from feedback import written
from feedback.page.model import Page
from feedback.page.trend import Trend, trend
from feedback.scoring import LEVELS, words


@dataclass(frozen=True)
class Tile:
    """One dimension. `step` is its level's place, from 0; the words are Vietnamese."""

    name: str
    means: str
    level: Level
    level_vi: str
    step: int
    share: str
    judged: str
    trend: Trend | None


def tiles(page: Page) -> list[Tile]:
    """One for each score of the card."""
    return [_tile(score, _through(page, score)) for score in page.card]


def _through(page: Page, score: Score) -> tuple[Score, ...]:
    """The nights before, and the newest."""
    return (*page.trend.get(score.dimension, ()), score)


def ways(page: Page) -> list[tuple[str, list[str]]]:
    """How the shares are counted, and the names of the dimensions that are counted so."""
    named: dict[str, list[str]] = {}
    for score in page.card:
        said = words().dimensions[score.dimension]
        named.setdefault(words().how(score.dimension), []).append(said.name)
    return list(named.items())


def levels() -> list[tuple[str, str, int]]:
    """Each level's name, what it means, and its place; the best first."""
    known = [(words().levels[level], step) for step, level in enumerate(LEVELS)]
    return [(said.name, said.means, step) for said, step in reversed(known)]


def by_night(page: Page) -> list[tuple[dt.date, list[str]]]:
    """The shares of each night, the newest first, in the order of the tiles."""
    known = {one.dimension: {s.on: s for s in _through(page, one)} for one in page.card}
    nights = sorted({on for scores in known.values() for on in scores}, reverse=True)
    dimensions = [score.dimension for score in page.card]
    return [(on, [_share(known, dimension, on) for dimension in dimensions]) for on in nights]


def _share(
    known: Mapping[Dimension, Mapping[dt.date, Score]], dimension: Dimension, on: dt.date
) -> str:
    score = known.get(dimension, {}).get(on)
    return written.share(score.share if score else None)


def _tile(score: Score, nights: Sequence[Score]) -> Tile:
    said = words().dimensions[score.dimension]
    good, judged = written.count(score.good), written.count(score.judged)
    return Tile(
        name=said.name,
        means=said.means,
        level=score.level,
        level_vi=words().levels[score.level].name,
        step=LEVELS.index(score.level),
        share=written.share(score.share),
        judged=f"{good} trên {judged} {said.counts}"
        if score.judged
        else f"chưa có {said.counts} nào",
        trend=trend(nights),
    )
