"""Observations made by hand, and by counting made-up cases of agencies."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from catalog.areas import area_of_unit, areas, former
from catalog.night import Night
from catalog.outcomes import OBSERVATION_SCHEMA, REPORTING_SCHEMA
from transforms.indicators import MEASURE_SCHEMA, indicators, observe

NIGHT = Night.parse("2026-11-22")
RELEASE = f"nightly-{NIGHT}"
SHARE = "online_submission_share"
Figure = dict[str, Any]
Case = tuple[str, str, int, int]
"""An agency, the day, and how many of how many."""
LEVELS = {area.code: area.kind for area in (*areas().values(), *former())}
FORMS = {4: "year", 10: "day", 3: "all"}


def figure(
    area: str, period: str, numerator: int | None, denominator: int | None, **facts: Any
) -> Figure:
    """One observation; without numbers it is missing, of nothing no_data."""
    told = indicators()[facts.get("indicator", SHARE)]
    value = numerator / denominator if denominator and numerator is not None else None
    value = numerator if told.unit == "count" and value is not None else value
    status, reason = ("provisional", "") if denominator else ("no_data", "no_cases")
    if denominator is None:
        status, reason = "missing", "not_reported"
    kind = "quarter" if "Q" in period else FORMS.get(len(period), "month")
    return {
        "release": RELEASE, "indicator": told.code, "definition_version": told.version,
        "borders": "34", "area": area, "period": period, "period_type": kind,
        "level": "agency" if "." in area else LEVELS[area],
        "numerator": numerator, "denominator": denominator, "value": value,
        "coverage": float(denominator is not None), "status": status, "reason": reason, **facts,
    }  # fmt: skip


def table(*figures: Figure) -> pa.Table:
    return pa.Table.from_pylist(list(figures), OBSERVATION_SCHEMA)


def by_key(observations: pa.Table) -> dict[tuple[str, str], Figure]:
    """The figures on today's borders of the one indicator in it, by area and period."""
    rows = [row for row in observations.to_pylist() if row["borders"] == "34"]
    found = {(row["area"], row["period"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def reasons(observations: pa.Table) -> dict[tuple[str, str], str]:
    """Why the withheld ones are."""
    rows = by_key(observations).items()
    return {key: row["reason"] for key, row in rows if row["status"] == "withheld"}


def measured(cases: list[Case], silent: frozenset[str] = frozenset()) -> pa.Table:
    """What is observed of cases; the areas that are `silent` reported nothing since October."""
    by_day, by_month = Counter[Any](), Counter[Any]()
    for agency, day, numerator, denominator in cases:
        area, on = area_of_unit(agency), dt.date.fromisoformat(day)
        for name, count in (("numerator", numerator), ("denominator", denominator)):
            by_day[area, None, on, name] += count
            by_month[area, agency, on.replace(day=1), name] += count
    counted = by_day | by_month
    of = {"indicator": SHARE, "definition_version": indicators()[SHARE].version}
    rows = [
        {**of, "area": area, "agency": agency, "starts_on": on,
         "numerator": counted[area, agency, on, "numerator"], "denominator": denominator}
        for (area, agency, on, name), denominator in counted.items()
        if name == "denominator"
    ]  # fmt: skip
    named = sorted({area_of_unit(agency) for agency, *_ in cases})
    reporting = [
        {"area": area, "stream": "dossier", "starts_on": dt.date(2026, 8, 1), "silent": [],
         "complete_through": dt.date(2026, 10, 15) if area in silent else NIGHT.on}
        for area in named
    ]  # fmt: skip
    tables = (
        pa.Table.from_pylist(rows, MEASURE_SCHEMA),
        pa.Table.from_pylist(reporting, REPORTING_SCHEMA),
    )
    found = observe(*tables, NIGHT, RELEASE)
    return found.filter(pc.field("indicator") == SHARE)
