"""Our number beside the portal's, and why they differ: codes of ``score_explanation.csv``."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from transforms.scores.figures import MetricScore


class Compared(NamedTuple):
    """What the portal states, ours less that, and why they are as they are."""

    official: Decimal | None
    difference: Decimal | None
    explanation: str


def missing(official: Decimal | None, why: str) -> Compared:
    """Where we have no number of our own."""
    return Compared(official, None, why)


def metric(ours: MetricScore, theirs: MetricScore | None) -> Compared:
    """Ratios in percent: the portal states counts of a metric, which any rule set can score."""
    official = theirs.ratio if theirs else None
    if ours.ratio is None or ours.score is None:
        return missing(official, "zero_over_zero")
    if official is None:
        return missing(None, "not_stated")
    difference = ours.ratio - official
    return Compared(official, difference, "counts" if difference else "equal")


def points(
    ours: Decimal | None, is_partial: bool, official: Decimal | None, by_rules: Decimal | None
) -> Compared:
    """Points of a group or total. `by_rules` are those that this rule set gives for the portal's
    own counts, where it states all of them: where these are not its points, the rules differ."""
    if official is None:
        return missing(None, "not_stated")
    if ours is None or is_partial:
        return missing(official, "partial")
    if ours == official:
        return Compared(official, Decimal(0), "equal")
    same_rules = by_rules is None or by_rules == official
    return Compared(official, ours - official, "counts" if same_rules else "rules")
