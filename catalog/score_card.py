"""Score cards: how far the rows of an area's sources can be trusted, by dimension of data quality.

The dimensions are those that each check names (ISO/IEC 25012 calls them characteristics).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Dimension = Literal["completeness", "validity", "timeliness", "consistency", "uniqueness"]
Level = Literal["none", "poor", "fair", "good", "trustworthy"]
"""``none``: too little is known to say anything; then from worst to best."""


@dataclass(frozen=True)
class Score:
    """What the nights through `on` say of one dimension of an area: of `judged` (rows that were
    sent, or for timeliness deliveries that were due) so many were `good`."""

    area: str
    on: dt.date
    dimension: Dimension
    judged: int
    good: int
    level: Level

    @property
    def share(self) -> float | None:
        """The good ones among the judged; None where nothing was judged."""
        return self.good / self.judged if self.judged else None


@dataclass(frozen=True)
class Effect:
    """One published figure of an area, and what it would be with the rows that are quarantined.

    `rows` are quarantined of the kinds that the figure reads; `counted` of them it would count
    (None where it does not tell its records apart). Numbers as in the release.
    """

    area: str
    indicator: str
    period: str
    rows: int
    counted: int | None
    numerator: float | None
    denominator: float | None
    value: float | None
    numerator_with: float | None
    denominator_with: float | None
    value_with: float | None
