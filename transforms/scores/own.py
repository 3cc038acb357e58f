"""Our own Decision 766 scores, from the figures of a release, with the portal's beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from catalog.areas import NATION
from transforms.scores import compared
from transforms.scores.compared import Compared
from transforms.scores.figures import TOTAL, GroupScore, MetricScore, Scored
from transforms.scores.means import MeanScore, means
from transforms.scores.published import Published, Unit
from transforms.scores.rules import MetricRule, Rules, rule_sets, rules_on
from transforms.scores.scoring import score

KEY = ("release", "rules", "area", "mean_of", "period", "score_group", "metric")
NUMBERS = ("ratio", "score", "official", "difference")
SCORE_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in KEY),
        pa.field("level", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("is_in_force", pa.bool_(), nullable=False),
        pa.field("numerator", pa.int64()),
        pa.field("denominator", pa.int64()),
        *(pa.field(name, pa.float64()) for name in NUMBERS),
        pa.field("maximum", pa.float64(), nullable=False),
        pa.field("out_of", pa.float64(), nullable=False),
        pa.field("units", pa.int32(), nullable=False),
        pa.field("band", pa.string(), nullable=False),
        pa.field("explanation", pa.string(), nullable=False),
    ]
)
"""Points of a metric; without a metric of a group, and with the group ``TOTAL`` of all.

`rules` are those valid on the period's last day, `is_in_force` says which of them applies. The
nation stands three times: all its cases together, and by `mean_of` as the unweighted mean of the
provinces or ministries, `units` of them. `out_of` below `maximum` says that metrics are missing or
0/0: what is missing is never 0. `official` is what the portal states: of a metric its ratio in
percent, of a group or total its points. `difference` is ours less that, `explanation` a code of
``codelists/score_explanation.csv``."""
MEANS = ("province", "ministry")
ZERO = Decimal(0)


class Line(NamedTuple):
    """A row of SCORE_SCHEMA but for its release, numbers exact."""

    rules: str
    unit: Unit
    group: str
    metric: str
    is_in_force: bool
    maximum: Decimal
    shown: Compared
    mean_of: str = ""
    counts: tuple[int | None, int | None] = (None, None)
    ratio: Decimal | None = None
    score: Decimal | None = None
    out_of: Decimal = ZERO
    units: int = 1
    band: str = ""

    def columns(self, release: str) -> tuple[Any, ...]:
        """The cells, in the order of SCORE_SCHEMA."""
        area, level, period, period_type = self.unit
        key = (release, self.rules, area, self.mean_of, period, self.group, self.metric)
        numbers = (self.ratio, self.score, self.shown.official, self.shown.difference)
        points = (*numbers, self.maximum, self.out_of)
        told = (self.units, self.band, self.shown.explanation)
        about = (level, period_type, self.is_in_force, *self.counts)
        return *key, *about, *(None if n is None else float(n) for n in points), *told


def own(observations: pa.Table) -> pa.Table:
    """The scores of every province, ministry and the nation in every month, quarter and year of
    `observations` (OBSERVATION_SCHEMA, of one release, as published): SCORE_SCHEMA, sorted."""
    published, periods = Published(observations), dict[str, list[Unit]]()
    for unit in published.units():
        periods.setdefault(unit.period, []).append(unit)
    release = observations["release"][0].as_py() if periods else ""
    lines = (line for units in periods.values() for line in _period(published, units))
    cells = sorted(line.columns(release) for line in lines)
    columns = zip(*cells, strict=True) if cells else ([] for _ in SCORE_SCHEMA)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCORE_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCORE_SCHEMA)


def _period(published: Published, units: Sequence[Unit]) -> Iterator[Line]:
    """The rows of the units of one period."""
    day = units[0].ends_on
    valid = [r for r in rule_sets().values() if r.valid_from <= day <= (r.valid_to or day)]
    for rules in valid:
        sheet = Sheet(published, rules, rules is rules_on(day))
        scored = {unit: score(published.department(unit, rules), rules) for unit in units}
        for unit, found in scored.items():
            yield from sheet.unit(unit, found)
        for kind in MEANS:
            some = [found for unit, found in scored.items() if unit.level == kind]
            if some:
                nation = units[0]._replace(area=NATION, level="nation")
                yield from sheet.mean(nation, kind, means(some, rules))


@dataclass(frozen=True)
class Sheet:
    """Writes the rows of one rule set in one period."""

    published: Published
    rules: Rules
    is_in_force: bool

    def unit(self, unit: Unit, found: Scored) -> Iterator[Line]:
        """A unit's metrics, groups and total, beside what the portal's own counts would earn."""
        stated = self.published.stated(unit, self.rules)
        theirs = score(stated, self.rules) if stated.metrics else None
        ours_by, theirs_by = _by_code(found), _by_code(theirs)
        for code, rule in self.rules.metrics.items():
            yield self._metric(unit, rule, ours_by.get(code), theirs_by.get(code))
        earned = {g.code: g.score for g in theirs.groups if not g.is_partial} if theirs else {}
        for group in found.groups:
            yield self._sum(unit, group.code, group, earned.get(group.code))
        total = self._sum(unit, TOTAL, found, None)
        yield total._replace(band=found.band.name_vi if found.band else "")

    def mean(self, nation: Unit, kind: str, found: Mapping[str, MeanScore]) -> Iterator[Line]:
        """The unweighted mean of the units of one kind: the portal's own way, for provinces."""
        for code, mean in found.items():
            rule = self.rules.metrics.get(code)
            group, maximum = (rule.group, rule.maximum) if rule else (code, self._maximum(code))
            official = None if rule or kind != "province" else self._points(code, nation)
            shown = compared.points(mean.score, mean.out_of < maximum, official, None)
            line = self._line(nation, group, code if rule else "", maximum, shown)
            line = line._replace(mean_of=kind, units=mean.units)
            yield line._replace(score=mean.score, out_of=mean.out_of)

    def _metric(
        self, unit: Unit, rule: MetricRule, ours: MetricScore | None, theirs: MetricScore | None
    ) -> Line:
        if ours is None:
            why = self.published.why_missing(rule, unit)
            shown = compared.missing(theirs.ratio if theirs else None, why)
            return self._line(unit, rule.group, rule.code, rule.maximum, shown)
        line = self._line(unit, rule.group, rule.code, rule.maximum, compared.metric(ours, theirs))
        counts = (int(ours.numerator), int(ours.denominator))
        worth = ZERO if ours.score is None else rule.maximum
        return line._replace(counts=counts, ratio=ours.ratio, score=ours.score, out_of=worth)

    def _sum(
        self, unit: Unit, code: str, found: GroupScore | Scored, by_rules: Decimal | None
    ) -> Line:
        """A group or the total. What the portal states of the nation is a mean: not beside this."""
        ours = found.total if isinstance(found, Scored) else found.score
        official = None if unit.level == "nation" else self._points(code, unit)
        shown = compared.points(ours, found.is_partial, official, by_rules)
        line = self._line(unit, code, "", found.maximum, shown)
        return line._replace(score=ours, out_of=found.out_of)

    def _points(self, code: str, unit: Unit) -> Decimal | None:
        stated = self.published.stated_score(code, unit)
        return None if stated is None else self.rules.rounding(stated)

    def _maximum(self, code: str) -> Decimal:
        """Of a group, or of all."""
        counted = [group for name, group in self.rules.groups.items() if code in (name, TOTAL)]
        return sum((group.maximum for group in counted), ZERO)

    def _line(self, unit: Unit, group: str, metric: str, maximum: Decimal, shown: Compared) -> Line:
        return Line(self.rules.name, unit, group, metric, self.is_in_force, maximum, shown)


def _by_code(scored: Scored | None) -> dict[str, MetricScore]:
    return {metric.rule.code: metric for metric in scored.metrics} if scored else {}
