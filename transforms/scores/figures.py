"""What goes into a score and what comes out, for any unit and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog import identifiers
from transforms.scores.rules import Band, MetricRule

TOTAL = "TOTAL"


@dataclass(frozen=True)
class Metric:
    """The counts of one metric; None where one is not stated. `code` may be the metric's number."""

    code: str
    numerator: Decimal | None
    denominator: Decimal | None


@dataclass(frozen=True)
class Department:
    """What is known of one unit. `stated` holds the scores that the portal itself gives, by code
    of a metric or group, or `TOTAL`."""

    code: str
    name: str = ""
    metrics: tuple[Metric, ...] = ()
    stated: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """Its code in an error: not where it may be something else than a code."""
        try:
            return identifiers.unit_code(self.code)
        except ValueError:
            return "a department whose code is of no known form"


@dataclass(frozen=True)
class MetricScore:
    """A metric's points, None where it is left out. `ratio` is in percent (of a mean, the mean);
    `stated` is the portal's own score."""

    rule: MetricRule
    numerator: Decimal
    denominator: Decimal
    ratio: Decimal | None
    score: Decimal | None
    note: str
    stated: Decimal | None


@dataclass(frozen=True)
class GroupScore:
    """A group's points, None where nothing in it was scored. `out_of` is what the metrics scored
    could give: less than `maximum` where some are missing or left out. `missing` are the metrics
    that the rules know and the unit does not state."""

    code: str
    score: Decimal | None
    maximum: Decimal
    out_of: Decimal
    missing: tuple[str, ...]
    is_partial: bool
    stated: Decimal | None


@dataclass(frozen=True)
class Scored:
    """A unit under one rule set. `unknown` is what it states and the rules do not know. Partial is
    one that lacks a metric with points; `band` is None where what was not scored could change it.
    """

    department: Department
    rules: str
    metrics: tuple[MetricScore, ...]
    groups: tuple[GroupScore, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    total: Decimal | None
    maximum: Decimal
    out_of: Decimal
    is_partial: bool
    stated: Decimal | None
    band: Band | None
