"""Where two rule sets differ, metric by metric, each with a worked number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from transforms.scores.rules import MetricRule, Rules, rule_sets

HALF = Decimal(50)


@dataclass(frozen=True)
class Contradiction:
    """A metric with the points that each of two rule sets gives for the same counts: for a ratio
    of `percent`, or for 0/0 where that is None. Points are None where a rule set leaves it out;
    a rule is None where a rule set does not know the metric."""

    code: str
    percent: Decimal | None
    rules: tuple[MetricRule | None, MetricRule | None]
    points: tuple[Decimal | None, Decimal | None]


def contradictions(a: Rules, b: Rules) -> tuple[Contradiction, ...]:
    """In the order of `a`, then what only `b` knows."""
    return tuple(found for code in {**a.metrics, **b.metrics} for found in _of_metric(code, a, b))


def _of_metric(code: str, a: Rules, b: Rules) -> Iterator[Contradiction]:
    own = (a.metrics.get(code), b.metrics.get(code))
    ratios = _telling(*own) if all(own) else [HALF]
    for percents in (ratios, [None]):
        for percent in percents:
            points = (_points(a, code, percent), _points(b, code, percent))
            if points[0] != points[1]:
                yield Contradiction(code, percent, own, points)
                break


def _telling(*rules: MetricRule | None) -> list[Decimal | None]:
    """Ratios at which any two ways of scoring would differ: seen ones first."""
    known = [rule for rule in rules if rule]
    seen = [s.percent for rule in known for s in rule.seen if s.percent is not None]
    full = [rule.full_at for rule in known]
    return [*seen, *(at / 2 for at in full), *full]


def _points(rules: Rules, code: str, percent: Decimal | None) -> Decimal | None:
    rule = rules.metrics.get(code)
    return rules.at(rule, percent) if rule else None


def explained(code: str, numerator: Decimal, denominator: Decimal, stated: Decimal) -> list[str]:
    """The rule sets that give a stated score for these counts: what explains a difference."""
    names = []
    for name, rules in rule_sets().items():
        rule = rules.find(code)
        points = rule.points(numerator, denominator) if rule else None
        if points is not None and rules.rounding(points) == stated:
            names.append(name)
    return names
