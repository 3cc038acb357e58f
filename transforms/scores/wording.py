"""How a rule of a metric is told in the documents, in both languages."""

from __future__ import annotations

from decimal import Decimal

from transforms.scores.contradictions import Contradiction
from transforms.scores.rules import MetricRule

METHODS = {
    "linear": "tuyến tính / linear",
    "threshold": "ngưỡng / threshold",
    "monitor": "theo dõi / shown only",
    "mean": "theo dõi, số trung bình / shown only, a mean",
}
ZERO = {
    "full": "đủ điểm / all points",
    "none": "không điểm / no points",
    "left_out": "để ngoài / left out",
}
ABSENT = "không có chỉ số này / no such metric"


def method(rule: MetricRule) -> str:
    """How it is scored, with its threshold."""
    return METHODS[rule.method] + (f" {rule.threshold} %" if rule.threshold else "")


def given(found: Contradiction, number: int) -> str:
    """What the first (0) or second (1) of two contradicting rule sets gives."""
    rule, points = found.rules[number], found.points[number]
    if rule is None:
        return ABSENT
    how = method(rule) if found.percent is not None else ZERO[rule.zero_over_zero]
    return how if points is None else f"{points} ({how})"


def ratio(percent: Decimal | None) -> str:
    return "0/0" if percent is None else f"{percent} %"
