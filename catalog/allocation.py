"""Sharing whole numbers out by stated weights, so that nothing is lost or made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

Weights = Mapping[str, Decimal | Fraction]


def allocate(total: int, weights: Weights) -> dict[str, int]:
    """`total` in whole parts by largest remainder; equal remainders go by the order of the names.

    The parts sum to `total`, whatever the order of `weights`. Raises ValueError where the weights
    do not sum to exactly 1, or for a total below 0.
    """
    exact = {name: Fraction(weight) * total for name, weight in weights.items()}
    if sum(exact.values()) != total or total < 0 or sum(Fraction(w) for w in weights.values()) != 1:
        raise ValueError("weights must sum to 1, and a total cannot be below 0")
    parts = {name: share.__floor__() for name, share in exact.items()}
    left = total - sum(parts.values())
    for name in sorted(exact, key=lambda name: (parts[name] - exact[name], name))[:left]:
        parts[name] += 1
    return parts


def allocate_pair(numerator: int, denominator: int, weights: Weights) -> dict[str, tuple[int, int]]:
    """Both numbers of a figure. What is a share stays one: cases and the others are shared out
    apart, so that no part has more cases than it looked at."""
    if numerator > denominator:
        numbers, wholes = allocate(numerator, weights), allocate(denominator, weights)
    else:
        numbers = allocate(numerator, weights)
        others = allocate(denominator - numerator, weights)
        wholes = {name: numbers[name] + others[name] for name in weights}
    return {name: (numbers[name], wholes[name]) for name in weights}
