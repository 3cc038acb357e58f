"""What a release says that scores are made of: our counts, and the portal's own figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from catalog import codelists
from transforms.indicators import indicators
from transforms.scores.figures import Department, Metric
from transforms.scores.methods import quotient
from transforms.scores.rules import MetricRule, Rules, rule_sets

LEVELS = ("nation", "province", "ministry")
PERIOD_TYPES = ("month", "quarter", "year")
COLUMNS = ("indicator", "area", "level", "period", "period_type", "status")


class Unit(NamedTuple):
    """An area in a period."""

    area: str
    level: str
    period: str
    period_type: str

    @property
    def ends_on(self) -> dt.date:
        """The last day of the period."""
        year, month = int(self.period[:4]), 12
        if self.period_type != "year":
            number = int(self.period[5:].removeprefix("Q"))
            month = number if self.period_type == "month" else 3 * number
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


@cache
def stated_by() -> dict[str, str]:
    """The portal's code of a metric or group, or `TOTAL` -> the indicator of what it states."""
    named = {row["code"]: row["portal"] for row in codelists.rows("figure") if row["portal"]}
    return {named[i.figure]: i.code for i in indicators().values() if i.figure in named}


def _wanted() -> set[str]:
    counted = {m.indicator for rules in rule_sets().values() for m in rules.metrics.values()}
    return counted | set(stated_by().values())


class Published:
    """The observations of a release that scores need, on today's borders."""

    def __init__(self, observations: pa.Table) -> None:
        is_needed = (
            pc.field("indicator").isin(sorted(_wanted() - {""}))
            & (pc.field("borders") == "34")
            & pc.field("level").isin(LEVELS)
            & pc.field("period_type").isin(PERIOD_TYPES)
        )
        rows = observations.filter(is_needed).select([*COLUMNS, "numerator", "denominator"])
        self._rows = {(r["indicator"], r["area"], r["period"]): r for r in rows.to_pylist()}

    def units(self) -> list[Unit]:
        """Every area and period that a metric is known of, sorted."""
        ours = set(indicators()) - set(stated_by().values())
        found = (r for r in self._rows.values() if r["indicator"] in ours)
        return sorted({Unit(*(r[name] for name in COLUMNS[1:5])) for r in found})

    def department(self, unit: Unit, rules: Rules) -> Department:
        """The unit with the counts of each metric that is published. Metric 5.4 may fall below 0
        by the text's own sum; there it earns what 0 earns."""
        metrics = []
        for rule in rules.metrics.values():
            row = self._of(rule.indicator, unit)
            if row is not None and row["numerator"] is not None:
                counts = max(row["numerator"], 0), row["denominator"]
                metrics.append(Metric(rule.code, *map(Decimal, counts)))
        return Department(unit.area, metrics=tuple(metrics))

    def why_missing(self, rule: MetricRule, unit: Unit) -> str:
        """Why a metric has no counts: a code of ``codelists/score_explanation.csv``."""
        indicator = indicators().get(rule.indicator)
        if indicator is None:
            return "no_rows"
        if unit.period_type not in indicator.period_types:
            return "no_period"
        row = self._of(indicator.code, unit)
        return "withheld" if row and row["status"] == "withheld" else "not_reported"

    def stated(self, unit: Unit, rules: Rules) -> Department:
        """The unit with the counts that the portal states."""
        found = ((code, self._stated(code, unit)) for code in rules.metrics)
        metrics = tuple(Metric(code, *counts) for code, counts in found if counts)
        return Department(unit.area, metrics=metrics)

    def stated_score(self, code: str, unit: Unit) -> Decimal | None:
        """The portal's points of a group or `TOTAL`; of the nation its unweighted mean."""
        counts = self._stated(code, unit)
        return quotient(*counts) if counts else None

    def _stated(self, code: str, unit: Unit) -> tuple[Decimal, Decimal] | None:
        row = self._of(stated_by().get(code, ""), unit)
        if row is None or not row["denominator"]:
            return None
        return Decimal(row["numerator"]), Decimal(row["denominator"])

    def _of(self, indicator: str, unit: Unit) -> dict[str, Any] | None:
        return self._rows.get((indicator, unit.area, unit.period))
