"""The unweighted mean of scores of which some metrics are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.scores.figures import TOTAL, Scored
from transforms.scores.methods import quotient
from transforms.scores.rules import Rules


@dataclass(frozen=True)
class MeanScore:
    """Points, what they are out of, and how many units they are the mean of."""

    score: Decimal
    out_of: Decimal
    units: int


def means(scored: Sequence[Scored], rules: Rules) -> dict[str, MeanScore]:
    """By code of a metric, group, and `TOTAL`: each metric's mean over the units that have it, and
    the sums of these; what nobody has is left out.

    Where no unit lacks a metric this is `nation.unweighted` but for rounding: that one rounds the
    mean of a group, as the portal does, and where a unit lacks one it says nothing.
    """
    found: dict[str, MeanScore] = {}
    for code, rule in rules.metrics.items():
        known = [
            m.score for s in scored for m in s.metrics if m.rule is rule and m.score is not None
        ]
        if known:
            mean = rules.rounding(quotient(sum(known, Decimal(0)), Decimal(len(known))))
            found[code] = MeanScore(mean, rule.maximum, len(known))
    for group in rules.groups:
        codes = [rule.code for rule in rules.metrics_of(group) if rule.maximum]
        _add_up(found, group, codes)
    _add_up(found, TOTAL, list(rules.groups))
    return found


def _add_up(found: dict[str, MeanScore], code: str, parts: Sequence[str]) -> None:
    known = [found[part] for part in parts if part in found]
    if known:
        score = sum((mean.score for mean in known), Decimal(0))
        out_of = sum((mean.out_of for mean in known), Decimal(0))
        found[code] = MeanScore(score, out_of, min(mean.units for mean in known))
