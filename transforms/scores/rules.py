"""Scoring rules of Decision 766 as dated data: one ``rules/<name>.yml`` a rule set."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from catalog.declarations import Declaration, declared, load_folder
from catalog.errors import DeclarationError
from transforms.scores.methods import Method, ZeroOverZero, percent, points, quotient

FOLDER = "transforms/scores/rules"
MAXIMUM = 100
Points = Annotated[Decimal, Field(ge=0, le=MAXIMUM, decimal_places=2)]
Name = Annotated[str, Field(min_length=1)]


class Group(Declaration):
    """A group of metrics under the portal's code; `maximum` in points."""

    number: Name
    maximum: Points
    name_vi: Name
    name_en: Name


class Seen(Declaration):
    """What the portal was seen to give: a ratio in percent (none is 0/0), and its points."""

    percent: Points | None
    score: Points


class MetricRule(Declaration):
    """How one metric is scored.

    `number` is its place in the index (2.1), empty where that is not known; a code that is not the
    portal's is ours. `maximum` is in points, `threshold` the percentage from which all are given.
    `indicator` is ours that counts the same, empty where only the portal can say.
    """

    code: str = ""
    number: str = ""
    is_portal_code: bool = True
    group: str
    maximum: Points
    method: Method
    threshold: Annotated[Decimal, Field(gt=0, lt=100)] | None = None
    zero_over_zero: ZeroOverZero
    name_vi: Name
    name_en: Name
    indicator: str = ""
    seen: tuple[Seen, ...] = ()

    @model_validator(mode="after")
    def _method_fits(self) -> MetricRule:
        if (self.threshold is not None) != (self.method == "threshold"):
            raise ValueError("a threshold belongs to the method threshold")
        if (self.maximum == 0) != (self.method in ("monitor", "mean")):
            raise ValueError("no points belong to the methods monitor and mean")
        return self

    @property
    def is_share(self) -> bool:
        """Whether its numerator is a part of its denominator."""
        return self.method != "mean"

    @property
    def full_at(self) -> Decimal:
        """The percentage from which all points are given."""
        return self.threshold or Decimal(100)

    def points(self, numerator: Decimal, denominator: Decimal) -> Decimal | None:
        """Unrounded points; None where the metric is left out. See `methods.points`."""
        if denominator == 0:
            return {"full": self.maximum, "none": Decimal(0), "left_out": None}[self.zero_over_zero]
        return points(numerator, denominator, self.maximum, self.full_at)

    def ratio(self, numerator: Decimal, denominator: Decimal) -> Decimal | None:
        """Unrounded percentage, of a mean the mean; for 0/0 the portal shows 100 where it gives
        all points."""
        if denominator == 0:
            return Decimal(100) if self.zero_over_zero == "full" else None
        return (percent if self.is_share else quotient)(numerator, denominator)


class Band(Declaration):
    """A band of totals, from `at_least` points to the next higher band."""

    at_least: Points
    name_vi: Name
    name_en: Name


class Rounding(Declaration):
    """A metric's points, its shown ratio and a national mean are rounded; sums are not, so that
    totals are the sums of what is shown."""

    decimals: Annotated[int, Field(ge=2, le=6)]
    ties: Literal["half_up"]

    def __call__(self, number: Decimal) -> Decimal:
        return number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


class Question(Declaration):
    """What is not known about the rules, of some metrics or, without them, of all."""

    metrics: tuple[str, ...] = ()
    vi: Name
    en: Name


class Rules(Declaration):
    """A rule set: applies to scores of the days `valid_from` through `valid_to`."""

    name: str
    title_vi: Name
    title_en: Name
    source_vi: Name
    source_en: Name
    valid_from: dt.date
    valid_to: dt.date | None = None
    groups: dict[str, Group]
    metrics: dict[str, MetricRule]
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]
    rounding: Rounding
    unknown: tuple[Question, ...]

    @model_validator(mode="before")
    @classmethod
    def _codes(cls, content: dict[str, object]) -> dict[str, object]:
        metrics = content.get("metrics")
        if isinstance(metrics, dict) and all(isinstance(m, dict) for m in metrics.values()):
            return {**content, "metrics": {c: {**m, "code": c} for c, m in metrics.items()}}
        return content

    @model_validator(mode="after")
    def _adds_up(self) -> Rules:
        if strange := {m.group for m in self.metrics.values()} - set(self.groups):
            raise ValueError(f"metrics: no group {', '.join(sorted(strange))}")
        for code, group in self.groups.items():
            if sum(m.maximum for m in self.metrics_of(code)) != group.maximum:
                raise ValueError(f"groups.{code}: the metrics do not add up to its maximum")
        if sum(group.maximum for group in self.groups.values()) != MAXIMUM:
            raise ValueError(f"groups: the maxima do not add up to {MAXIMUM}")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Rules:
        names = [*self.metrics, *(m.number for m in self.metrics.values() if m.number)]
        if len(set(names)) < len(names):
            raise ValueError("metrics: a number stands twice, or is another's code")
        floors = [band.at_least for band in self.bands]
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValueError("bands: from the best down to one that begins at 0")
        if strange := {c for q in self.unknown for c in q.metrics} - set(self.metrics):
            raise ValueError(f"unknown: no metric {', '.join(sorted(strange))}")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to: before valid_from")
        return self

    @model_validator(mode="after")
    def _gives_what_was_seen(self) -> Rules:
        for code, metric in self.metrics.items():
            for seen in metric.seen:
                if self.at(metric, seen.percent) != seen.score:
                    raise ValueError(f"metrics.{code}: does not give the score that was seen")
        return self

    def metrics_of(self, group: str) -> list[MetricRule]:
        return [metric for metric in self.metrics.values() if metric.group == group]

    def at(self, metric: MetricRule, percent: Decimal | None) -> Decimal | None:
        """Points of a metric for a ratio in percent; without one, for 0/0."""
        counts = (percent, Decimal(100)) if percent is not None else (Decimal(0), Decimal(0))
        earned = metric.points(*counts)
        return None if earned is None else self.rounding(earned)

    @cached_property
    def _by_name(self) -> dict[str, MetricRule]:
        numbered = {m.number: m for m in self.metrics.values() if m.number}
        return {**numbered, **self.metrics}

    def find(self, code: str) -> MetricRule | None:
        """A metric by its code, or by its number: most of groups II and III have no known code."""
        return self._by_name.get(code)

    def band(self, total: Decimal) -> Band:
        return next(band for band in self.bands if total >= band.at_least)


@cache
def rule_sets() -> dict[str, Rules]:
    """Every rule set by name. Raises DeclarationError naming the file that is wrong."""
    found = load_folder(declared(FOLDER), Rules, "name")
    if len({rules.valid_from for rules in found.values()}) < len(found):
        raise DeclarationError(FOLDER, "two rule sets begin on the same day")
    return found


def rules_on(day: dt.date) -> Rules:
    """The rule set for scores of `day`: of those valid then, the one that began last. Raises
    DeclarationError where there is none."""
    valid = [r for r in rule_sets().values() if r.valid_from <= day <= (r.valid_to or day)]
    if not valid:
        raise DeclarationError(FOLDER, f"no rule set is valid on {day}")
    return max(valid, key=lambda rules: rules.valid_from)
