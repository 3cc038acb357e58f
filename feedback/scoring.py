"""The score card of an area: from what its sources sent to a level for each dimension.

The limits and the words stand in ``levels.yml``; docs/decisions/0039 says why it is counted so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, model_validator

from catalog.declarations import Declaration, load_file
from catalog.incidents import HELD, NOT_ARRIVED, REJECTED, Incident
from catalog.score_card import Dimension, Level, Score
from expectations.check import checks
from feedback.told import reject_dimensions

FILE = Path(__file__).with_name("levels.yml")
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
LEVELS: tuple[Level, ...] = get_args(Level)
SILENT = (NOT_ARRIVED, HELD)
"""While a source sends nothing, or its night is held, nobody can vouch for its rows at all."""


class LevelWords(Declaration):
    """What a level is called, and what it says. In Vietnamese, as all words here."""

    name: str
    means: str


class DimensionWords(Declaration):
    """What a dimension is called, what it asks, what is counted (rows, deliveries), and how."""

    name: str
    means: str
    counts: str
    how: str


class Known(Declaration):
    """How many nights must be known before anything is said, and before the best is."""

    any: int = Field(gt=0)
    trustworthy: int = Field(gt=0)


class Words(Declaration):
    """See the file. `limits` are the smallest shares of the good ones, by level."""

    window: int = Field(gt=0)
    known: Known
    limits: dict[Literal["fair", "good", "trustworthy"], float] = Field(alias="from")
    levels: dict[Level, LevelWords]
    dimensions: dict[Dimension, DimensionWords]

    @model_validator(mode="after")
    def _whole_and_in_order(self) -> Words:
        if tuple(self.levels) != LEVELS or tuple(self.dimensions) != DIMENSIONS:
            raise ValueError("levels and dimensions are those of catalog.score_card, in that order")
        limits = list(self.limits.values())
        if tuple(self.limits) != LEVELS[2:] or limits != sorted({*limits}) or limits[-1] > 1:
            raise ValueError("from: the limits rise from fair to trustworthy and are shares")
        if not self.known.any <= self.known.trustworthy <= self.window:
            raise ValueError("known: any, trustworthy and window must rise")
        return self

    def how(self, dimension: Dimension) -> str:
        """In one sentence how the share of a dimension is counted."""
        return self.dimensions[dimension].how.format(window=self.window)


@cache
def words() -> Words:
    """The limits, and the words for each level and dimension."""
    return load_file(FILE, Words)


@dataclass(frozen=True)
class Tally:
    """What one source brought in the window: of `judged` rows (or deliveries) so many were
    `good`, and on which `nights` anything of it could be judged."""

    source_id: str
    dimension: Dimension
    judged: int
    good: int
    nights: frozenset[dt.date]


def dimensions_of(rule: str) -> Collection[Dimension]:
    """What a rule (see `catalog.incidents`) says something about: the dimension that its check, or
    the reason, names. Nothing, where the check is gone or follows our own work (``internal``)."""
    kind, _, reason = rule.partition(":")
    if rule in SILENT:
        return DIMENSIONS
    if kind == REJECTED:
        return (reject_dimensions()[reason],)
    known = checks().get(rule)
    return (known.dimension,) if known and known.responsibility == "external" else ()


def rules() -> Mapping[str, Dimension]:
    """Every rule that speaks against rows or deliveries -> its dimension."""
    told = [*checks(), *(f"{REJECTED}:{reason}" for reason in reject_dimensions())]
    return {rule: dimension for rule in told for dimension in dimensions_of(rule)}


def doubted(incidents: Iterable[Incident]) -> frozenset[Dimension]:
    """The dimensions of which an error is open: they are not trustworthy, whatever the share."""
    errors = (i for i in incidents if i.is_open and i.severity == "error")
    return frozenset(d for error in errors for d in dimensions_of(error.fingerprint.rule))


def card(
    area: str, on: dt.date, tallies: Iterable[Tally], doubts: Collection[Dimension]
) -> tuple[Score, ...]:
    """The scores of an area from the tallies of all its sources, one for each dimension."""
    of: dict[Dimension, list[Tally]] = {dimension: [] for dimension in DIMENSIONS}
    for tally in tallies:
        of[tally.dimension].append(tally)
    return tuple(_score(area, on, d, of[d], d in doubts) for d in DIMENSIONS)


def _score(
    area: str, on: dt.date, dimension: Dimension, tallies: list[Tally], is_doubted: bool
) -> Score:
    judged, good = (sum(getattr(t, name) for t in tallies) for name in ("judged", "good"))
    nights = frozenset[dt.date]().union(*(tally.nights for tally in tallies))
    return Score(area, on, dimension, judged, good, level(judged, good, len(nights), is_doubted))


def level(judged: int, good: int, nights: int, is_doubted: bool) -> Level:
    """The level of so many good ones among the judged, where so many nights are known. The best
    level needs more nights, and no open error (`is_doubted`)."""
    limits, known = words().limits, words().known
    if not judged or nights < known.any:
        return "none"
    share = good / judged
    reached: Level = "poor"
    for name, limit in limits.items():
        reached = name if share >= limit else reached
    is_sure = nights >= known.trustworthy and not is_doubted
    return reached if is_sure or reached != "trustworthy" else "good"
