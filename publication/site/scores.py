"""Our own Decision 766 score of an area, with the portal's beside it: the table `score`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow.compute as pc

from publication import score_rules
from publication.release import Release, has_ended

TOTAL = "TOTAL"
NEEDED = ("area", "rules", "period", "score_group", "metric", "ratio", "score", "official",
          "difference", "maximum", "out_of", "explanation")  # fmt: skip
Line = dict[str, Any]


class Score(NamedTuple):
    """`groups` and `metrics` of the year (or the newest there is), in the order of the text;
    `months` holds the points of the newest month that is over, by group."""

    rules: str
    period: str
    month: str
    total: Line
    groups: list[Line]
    metrics: list[Line]
    months: dict[str, Line]


def score_of(release: Release, area: str) -> Score | None:
    """The score by the rules in force; None for an area that has none."""
    lines = _lines(release).get(area)
    if not lines:
        return None
    month, period = _periods(release)
    newest = {(x["score_group"], x["metric"]): x for x in lines if x["period"] == period}
    months = {x["score_group"]: x for x in lines if x["period"] == month and not x["metric"]}
    total = newest.get((TOTAL, ""))
    if not total:
        return None
    rules = total["rules"]
    by_metric = {metric: line for (_, metric), line in newest.items() if metric}
    return Score(
        rules, period, month, total,
        [newest[group, ""] for group in score_rules.groups(rules) if (group, "") in newest],
        [by_metric[metric] for metric in score_rules.metrics(rules) if metric in by_metric],
        months,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _periods(release: Release) -> tuple[str, str]:
    """The newest month that is over, and the newest year."""
    known = set(release.table("score")["period"].to_pylist())
    on = release.night.on
    months = [name for name in known if len(name) == 7 and "Q" not in name and has_ended(name, on)]
    years = [name for name in known if len(name) == 4]
    return max(months, default=""), max(years, default="")


@lru_cache(maxsize=2)
def _lines(release: Release) -> dict[str, list[Line]]:
    rows = release.table("score")
    month, year = _periods(release)
    shown = pc.or_(pc.equal(rows["period"], month), pc.equal(rows["period"], year))
    kept = pc.and_(pc.and_(rows["is_in_force"], pc.equal(rows["mean_of"], "")), shown)
    found: dict[str, list[Line]] = defaultdict(list)
    for line in rows.filter(kept).select(NEEDED).to_pylist():
        found[line["area"]].append(line)
    return dict(found)
