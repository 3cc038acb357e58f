"""Thresholds of batch checks that differ by platform or by the size of the source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from catalog.declarations import Declaration

Size = Literal["tiny", "small", "middle", "large"]
SIZES: tuple[tuple[Size, int], ...] = (("tiny", 20), ("small", 200), ("middle", 2000))
"""Each size with the rows of a usual night that it stays below; what reaches all of them is
``large``. Where the history is too short to tell, the rows of the night itself count."""


def size_of(rows: float) -> Size:
    """The size of a source that sends so many rows on a usual night."""
    return next((size for size, below in SIZES if rows < below), "large")


class Threshold(Declaration):
    """One number of a check: the `usual` one, and those of groups, by platform or by size."""

    usual: float
    of_platform: dict[str, float] = Field(default={})
    of_size: dict[Size, float] = Field(default={})

    @model_validator(mode="after")
    def _one_way_of_grouping(self) -> Threshold:
        if self.of_platform and self.of_size:
            raise ValueError("a threshold differs by platform or by size, not by both")
        return self

    def holds_for(self, facts: Mapping[str, Any]) -> float:
        """The number for a batch with these facts."""
        groups = self.of_platform | {str(size): number for size, number in self.of_size.items()}
        own = (groups.get(str(facts.get(group))) for group in ("platform", "size"))
        return next((number for number in own if number is not None), self.usual)
