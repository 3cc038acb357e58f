"""From a ratio to points, exactly.

Quotients are cut, never rounded: the one rounding that follows then sees on which side of a half
they lie, whatever their size.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal
from typing import Literal

Method = Literal["linear", "threshold", "monitor", "mean"]
"""``monitor``: shown, without points. ``mean``: the same, and no share of anything."""
ZeroOverZero = Literal["full", "none", "left_out"]
"""What 0 out of 0 gives: all points, no points, or no score at all."""
CUT = Context(prec=80, rounding=ROUND_DOWN)
LARGEST = Decimal(10) ** 15
DECIMALS = 6


def is_count(number: Decimal) -> bool:
    """Whether it is a number that arithmetic here is exact for. A denominator may be weighted
    (metric 3.3), so counts may have decimals."""
    if not number.is_finite() or not 0 <= number < LARGEST:
        return False
    return number == number.quantize(Decimal(1).scaleb(-DECIMALS), context=CUT)


def points(numerator: Decimal, denominator: Decimal, maximum: Decimal, full_at: Decimal) -> Decimal:
    """`maximum` from `full_at` percent on, below that in proportion. The denominator is not 0."""
    above, below = CUT.multiply(100, numerator), CUT.multiply(full_at, denominator)
    return maximum if above >= below else CUT.divide(CUT.multiply(maximum, above), below)


def percent(numerator: Decimal, denominator: Decimal) -> Decimal:
    return CUT.divide(CUT.multiply(100, numerator), denominator)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    return CUT.divide(numerator, denominator)
