"""Scores by Decision 766, for any unit and period, under dated rule sets."""

from transforms.scores.contradictions import Contradiction, contradictions, explained
from transforms.scores.figures import TOTAL, Department, GroupScore, Metric, MetricScore, Scored
from transforms.scores.nation import Mean, ranks, together, unweighted
from transforms.scores.own import SCORE_SCHEMA, own
from transforms.scores.portal_shape import MAX_BYTES, departments
from transforms.scores.rules import Rules, rule_sets, rules_on
from transforms.scores.scoring import score

__all__ = [
    "MAX_BYTES", "SCORE_SCHEMA", "TOTAL", "Contradiction", "Department", "GroupScore", "Mean",
    "Metric", "MetricScore", "Rules", "Scored", "contradictions", "departments", "explained",
    "own", "ranks", "rule_sets", "rules_on", "score", "together", "unweighted",
]  # fmt: skip
