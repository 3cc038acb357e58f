"""One unit's counts, or the group scores that the portal states for it, to points and a band."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from catalog.errors import DeliveryBroken
from transforms.scores.figures import TOTAL, Department, GroupScore, Metric, MetricScore, Scored
from transforms.scores.methods import is_count, percent
from transforms.scores.rules import Band, Group, MetricRule, Rules

ZERO = Decimal(0)
ZERO_OVER_ZERO = {
    "full": "0/0: đủ điểm / all points",
    "none": "0/0: không điểm / no points",
    "left_out": "0/0: để ngoài / left out",
}


def score(department: Department, rules: Rules) -> Scored:
    """The unit's score, from its metrics; without any, from the group scores stated for it.
    Raises DeliveryBroken naming the unit and metric whose counts are impossible."""
    found = counts(department, rules)
    metrics = [_metric(department, rules, code, found[code]) for code in found]
    if metrics or not department.stated.keys() & rules.groups.keys():
        groups = [_group(department, rules, code, metrics) for code in rules.groups]
    else:
        groups = [_stated_group(department, code, group) for code, group in rules.groups.items()]
    total, out_of = _sum(g.score for g in groups), sum((g.out_of for g in groups), ZERO)
    return Scored(
        department=department,
        rules=rules.name,
        metrics=tuple(metrics),
        groups=tuple(groups),
        missing=tuple(code for group in groups for code in group.missing),
        unknown=_unknown(department, rules),
        total=total,
        maximum=_maximum(rules),
        out_of=out_of,
        is_partial=any(group.is_partial for group in groups),
        stated=department.stated.get(TOTAL),
        band=_band(rules, total, out_of),
    )


def counts(department: Department, rules: Rules) -> dict[str, Metric]:
    """The stated metrics that the rules know, by the rules' code and in their order. Raises
    DeliveryBroken where one is stated twice with different counts."""
    found: dict[str, Metric] = {}
    for metric in department.metrics:
        rule = rules.find(metric.code)
        if rule is None or metric.numerator is None or metric.denominator is None:
            continue
        before = found.setdefault(rule.code, metric)
        if (before.numerator, before.denominator) != (metric.numerator, metric.denominator):
            raise _broken(department, rule, "stated twice with different counts")
    return {code: found[code] for code in rules.metrics if code in found}


def _metric(department: Department, rules: Rules, code: str, metric: Metric) -> MetricScore:
    rule = rules.metrics[code]
    numerator, denominator = _checked(department, rule, metric)
    earned = rule.points(numerator, denominator)
    ratio = rule.ratio(numerator, denominator)
    return MetricScore(
        rule=rule,
        numerator=numerator,
        denominator=denominator,
        ratio=None if ratio is None else rules.rounding(ratio),
        score=None if earned is None else rules.rounding(earned),
        note=_note(rule, numerator, denominator),
        stated=department.stated.get(code, department.stated.get(metric.code)),
    )


def _checked(department: Department, rule: MetricRule, metric: Metric) -> tuple[Decimal, Decimal]:
    numerator, denominator = metric.numerator, metric.denominator
    assert numerator is not None
    assert denominator is not None
    if not (is_count(numerator) and is_count(denominator)):
        raise _broken(department, rule, "a count that is negative, too large or no number")
    if numerator > denominator and (rule.is_share or denominator == 0):
        raise _broken(department, rule, "the numerator is larger than the denominator")
    return numerator, denominator


def _note(rule: MetricRule, numerator: Decimal, denominator: Decimal) -> str:
    if denominator == 0:
        return ZERO_OVER_ZERO[rule.zero_over_zero]
    if rule.maximum == 0:
        return "chỉ theo dõi / shown only"
    if rule.threshold is None:
        return ""
    reached = percent(numerator, denominator) >= rule.threshold
    return f"{'đạt ngưỡng / reached' if reached else 'dưới ngưỡng / below'} {rule.threshold} %"


def _group(
    department: Department, rules: Rules, code: str, metrics: Iterable[MetricScore]
) -> GroupScore:
    own = [metric for metric in metrics if metric.rule.group == code]
    stated = {metric.rule.code for metric in own}
    missing = [rule for rule in rules.metrics_of(code) if rule.code not in stated]
    return GroupScore(
        code=code,
        score=_sum(metric.score for metric in own if metric.rule.maximum),
        maximum=rules.groups[code].maximum,
        out_of=sum((m.rule.maximum for m in own if m.score is not None), ZERO),
        missing=tuple(rule.code for rule in missing),
        is_partial=any(rule.maximum for rule in missing),
        stated=department.stated.get(code),
    )


def _stated_group(department: Department, code: str, group: Group) -> GroupScore:
    """A group as the portal scores it, without its metrics."""
    stated = department.stated.get(code)
    if stated is not None and not (is_count(stated) and stated <= group.maximum):
        problem = f"group {code}: a score that is none, or above the group's maximum"
        raise DeliveryBroken(department.told, problem)
    known = stated is not None
    out_of = group.maximum if known else ZERO
    return GroupScore(code, stated, group.maximum, out_of, (), not known, stated)


def _sum(scores: Iterable[Decimal | None]) -> Decimal | None:
    known = [score for score in scores if score is not None]
    return sum(known, ZERO) if known else None


def _maximum(rules: Rules) -> Decimal:
    return sum((group.maximum for group in rules.groups.values()), ZERO)


def _unknown(department: Department, rules: Rules) -> tuple[str, ...]:
    metrics = {metric.code for metric in department.metrics if rules.find(metric.code) is None}
    scores = {code for code in department.stated if rules.find(code) is None}
    return tuple(sorted(metrics | scores - {TOTAL, *rules.groups}))


def _band(rules: Rules, total: Decimal | None, out_of: Decimal) -> Band | None:
    """The band that the total has whatever the metrics that were not scored would give."""
    if total is None:
        return None
    lowest, highest = rules.band(total), rules.band(total + _maximum(rules) - out_of)
    return lowest if lowest == highest else None


def _broken(department: Department, rule: MetricRule, problem: str) -> DeliveryBroken:
    number = f" ({rule.number})" if rule.number else ""
    return DeliveryBroken(department.told, f"metric {rule.code}{number}: {problem}")
