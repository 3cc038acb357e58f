"""The nation's figures by channel, service level and procedure: the table `breakdown`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from publication.charts.bar import bar
from publication.charts.scale import reach
from publication.release import Release, has_ended

DIMENSIONS = ("channel", "service_level", "procedure")
MOST = 25
"""How many procedures have room on a page."""


class Part(NamedTuple):
    """A row of `breakdown`, its bar, and what a procedure is called, where somebody says it."""

    row: dict[str, Any]
    bar: str
    procedure: str


class Parts(NamedTuple):
    """One dimension in the newest period that is over; `all` is how many items there are."""

    dimension: str
    period: str
    parts: list[Part]
    all: int


@lru_cache(maxsize=2)
def _rows(release: Release) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Of each kind of period the newest that is over: there may be a million rows in all."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    if release.has("breakdown"):
        rows = release.table("breakdown")
        kept = pc.is_in(rows["period"], pa.array(_newest_periods(release, rows), pa.string()))
        for row in rows.filter(kept).to_pylist():
            found[row["indicator"], row["dimension"]].append(row)
    return found


def _newest_periods(release: Release, rows: pa.Table) -> list[str]:
    named = rows.group_by(["period_type", "period"]).aggregate([]).to_pylist()
    over = [row for row in named if has_ended(row["period"], release.night.on)]
    newest = {row["period_type"]: row["period"] for row in sorted(over, key=itemgetter("period"))}
    return list(newest.values())


@lru_cache(maxsize=2)
def _procedures(release: Release) -> dict[str, str]:
    if not release.has("procedure"):
        return {}
    rows = release.table("procedure")
    return dict(zip(rows["code"].to_pylist(), rows["name_vi"].to_pylist(), strict=True))


def parts_of(release: Release, indicator: str) -> list[Parts]:
    """Most dossiers first; of the shortest period that people are shown."""
    kind = release.period_type(indicator)
    found = []
    for dimension in DIMENSIONS:
        rows = _rows(release).get((indicator, dimension), [])
        rows = [row for row in rows if row["period_type"] == kind]
        if rows:
            found.append(_parts(release, dimension, rows))
    return found


def _parts(release: Release, dimension: str, rows: list[dict[str, Any]]) -> Parts:
    named = _procedures(release) if dimension == "procedure" else {}
    rows.sort(key=lambda row: (-(row["denominator"] or 0), row["item"]))
    greatest = (reach((row["value"] for row in rows), 0) or (0, 0))[1]
    drawn = [
        Part(row, bar(row["value"], greatest), named.get(row["item"], "")) for row in rows[:MOST]
    ]
    return Parts(dimension, rows[0]["period"], drawn, len(rows))
