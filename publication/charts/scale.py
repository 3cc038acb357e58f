"""Round numbers for axes and classes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

STEPS = (1, 2, 2.5, 5, 10, 20, 50)
EQUAL = 1e-6
"""Numbers closer than this are one: nothing that is shown is written finer."""


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers, evenly spaced, at most `most` steps, the first not above `low` and the last
    not below `high`."""
    if high - low < EQUAL:
        half = abs(low) / 2 or 0.5
        low, high = low - half, high + half
    size = 10 ** math.floor(math.log10((high - low) / most))
    for step in (factor * size for factor in STEPS):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    return [round(number * step, 10) for number in range(first, last + 1)]


def reach(values: Iterable[float | None], *also: float | None) -> tuple[float, float] | None:
    """The least and the greatest of the numbers that there are."""
    known = [value for value in (*values, *also) if value is not None]
    return (min(known), max(known)) if known else None


def class_of(value: float, bounds: Sequence[float]) -> int:
    """Which class between `bounds` a value belongs to, the first being 1; a value on a bound
    belongs to the class above it, but for the last."""
    return min(max(bisect_right(bounds, value), 1), len(bounds) - 1)
