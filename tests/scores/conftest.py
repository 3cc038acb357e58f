"""Units with all metrics of a rule set, and both rule sets by name."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from transforms.scores import Department, Metric, Rules, Scored, rule_sets, score

TEXT = rule_sets()["text_2022"]
PORTAL = rule_sets()["portal_2026"]
BOTH = [TEXT, PORTAL]
CERTIFIED = "ELECTRONIC_CERTIFIED_COPY"


def metric(code: str, numerator: Any, denominator: Any = 10_000) -> Metric:
    return Metric(code, Decimal(str(numerator)), Decimal(str(denominator)))


def unit(*metrics: Metric, code: str = "H20") -> Department:
    return Department(code, metrics=metrics)


def whole(rules: Rules, numerator: int = 5000, code: str = "H20", **changed: Any) -> Department:
    """A unit that states every metric, with `numerator` of 10,000 but where `changed` says."""
    counts = dict.fromkeys(rules.metrics, (numerator, 10000)) | changed
    return unit(*(metric(name, *pair) for name, pair in counts.items() if pair), code=code)


def points(scored: Scored) -> dict[str, str]:
    return {found.rule.code: str(found.score) for found in scored.metrics}


def one(rules: Rules, code: str, numerator: Any, denominator: Any = 10_000) -> str:
    """What one metric alone earns."""
    return points(score(unit(metric(code, numerator, denominator)), rules))[code]


def written(department: Department) -> dict[str, Any]:
    """A unit in the portal's shape."""
    metrics = [
        {"code": m.code, "numerator": int(m.numerator or 0), "denominator": int(m.denominator or 0)}
        for m in department.metrics
    ]
    return {"departmentCode": department.code, "metrics": metrics}


def as_json(thing: Any) -> bytes:
    return json.dumps(thing, ensure_ascii=False).encode()
