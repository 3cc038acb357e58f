"""A line the size of a word: how the share of one dimension went, night by night."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from catalog.score_card import Score
from feedback import written

LEFT, RIGHT, TOP, BOTTOM = 4.0, 122.0, 5.0, 39.0
STEP = 0.1


class Trend(NamedTuple):
    """Where to draw, and the same in words. `paths` has a line for each run of nights with a share,
    `end` is the newest night, `floor` the share at `BOTTOM`; `TOP` is all."""

    paths: tuple[str, ...]
    end: tuple[float, float] | None
    floor: str
    told: str


def trend(scores: Sequence[Score]) -> Trend | None:
    """None where no night has a share."""
    known = [score for score in scores if score.share is not None]
    if not known:
        return None
    floor = _floor(known)
    places = list(_places(scores, floor))
    runs = (list(run) for has_one, run in groupby(places, lambda p: p is not None) if has_one)
    paths = tuple(_path([place for place in run if place]) for run in runs)
    return Trend(paths, places[-1], f"{round(floor * 100)}\u00a0%", _told(known))


def _floor(known: Sequence[Score]) -> float:
    """A tenth that all of them are above, so that small losses are seen, too."""
    lowest = min(score.share or 0.0 for score in known)
    return max(0.0, math.ceil(lowest / STEP - 1) * STEP)


def _places(scores: Sequence[Score], floor: float) -> Iterator[tuple[float, float] | None]:
    across = (RIGHT - LEFT) / max(len(scores) - 1, 1)
    first = LEFT if len(scores) > 1 else RIGHT
    for number, score in enumerate(scores):
        if score.share is None:
            yield None
            continue
        up = (score.share - floor) / (1 - floor)
        yield round(first + number * across, 1), round(BOTTOM - up * (BOTTOM - TOP), 1)


def _path(run: Sequence[tuple[float, float]]) -> str:
    (x, y), *others = run
    if not others:
        return f"M{x - 2:g} {y:g}h4"
    return f"M{x:g} {y:g}L" + " ".join(f"{x:g} {y:g}" for x, y in others)


def _told(known: Sequence[Score]) -> str:
    first, last = known[0], known[-1]
    lowest = min(known, key=lambda score: score.share or 0.0)
    shares = [f"{_at(score)}" for score in (first, last, lowest)]
    return f"{shares[0]}; {shares[1]}; thấp nhất {shares[2]}"


def _at(score: Score) -> str:
    return f"ngày {written.day(score.on)}: {written.share(score.share)}"
