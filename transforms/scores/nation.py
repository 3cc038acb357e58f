"""Several units beside one another: ranks, their unweighted mean, and all of them as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.scores.figures import Department, Metric, Scored
from transforms.scores.methods import quotient
from transforms.scores.rules import Rules
from transforms.scores.scoring import counts


@dataclass(frozen=True)
class Mean:
    """The unweighted mean, as the portal states it for the nation: each group's mean is rounded,
    and the total is the sum of those (61.86 on 2026-10-05; the totals' own mean was 61.85)."""

    groups: dict[str, Decimal]
    total: Decimal
    units: int


def are_comparable(scored: Sequence[Scored]) -> bool:
    """Whether ranks and a mean say something: several units, all whole, none within another."""
    codes = {s.department.code for s in scored}
    within = any(_parents(code) & codes for code in codes)
    are_whole = not any(s.is_partial or s.total is None for s in scored)
    return len(codes) > 1 and are_whole and not within


def ranks(scored: Sequence[Scored]) -> dict[str, int]:
    """Unit code -> rank by total: equal totals share one, the next is left out (1, 2, 2, 4).
    Empty where the units are not comparable."""
    if not are_comparable(scored):
        return {}
    totals = {s.department.code: s.total for s in scored if s.total is not None}
    best = sorted(totals.values(), reverse=True)
    first = {total: rank for rank, total in reversed([*enumerate(best, start=1)])}
    return {code: first[total] for code, total in totals.items()}


def unweighted(scored: Sequence[Scored], rules: Rules) -> Mean | None:
    """None where the units are not comparable. A group counts over those that have a score."""
    if not are_comparable(scored):
        return None
    means = {code: _mean(scored, code) for code in rules.groups}
    groups = {code: rules.rounding(mean) for code, mean in means.items() if mean is not None}
    return Mean(groups, sum(groups.values(), Decimal(0)), len(scored))


def _mean(scored: Sequence[Scored], code: str) -> Decimal | None:
    found = (group.score for s in scored for group in s.groups if group.code == code)
    known = [score for score in found if score is not None]
    return quotient(sum(known, Decimal(0)), Decimal(len(known))) if known else None


def together(departments: Sequence[Department], rules: Rules, code: str, name: str) -> Department:
    """All units as one, each weighing as much as its cases: numerators and denominators added up.
    A metric that one of them does not state is missing."""
    found = [counts(department, rules) for department in departments]
    shared = [metric for metric in rules.metrics if all(metric in own for own in found)]
    added = (_added(metric, (own[metric] for own in found)) for metric in shared)
    return Department(code, name, tuple(added))


def _added(code: str, metrics: Iterable[Metric]) -> Metric:
    numerator = denominator = Decimal(0)
    for metric in metrics:
        numerator += metric.numerator or 0
        denominator += metric.denominator or 0
    return Metric(code, numerator, denominator)


def _parents(code: str) -> set[str]:
    """The codes of the units that a unit of Decision 20/2020 belongs to: H26 of H26.01."""
    segments = code.split(".")
    return {".".join(segments[:length]) for length in range(1, len(segments))}
