"""The nation's figures by channel, service level and procedure: the table `breakdown`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

from publication.charts.bar import bar
from publication.charts.scale import reach
from publication.release import Release, has_ended

DIMENSIONS = ("channel", "service_level", "procedure")
MOST = 25
"""How many procedures have room on a page."""


class Part(NamedTuple):
    """A row of `breakdown`, and its bar."""

    row: dict[str, Any]
    bar: str


class Parts(NamedTuple):
    """One dimension in the newest period that is over; `all` is how many items there are."""

    dimension: str
    period: str
    parts: list[Part]
    all: int


@lru_cache(maxsize=2)
def _rows(release: Release) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    if release.has("breakdown"):
        for row in release.table("breakdown").to_pylist():
            if has_ended(row["period"], release.night.on):
                found[row["indicator"], row["dimension"]].append(row)
    return found


def parts_of(release: Release, indicator: str) -> list[Parts]:
    """Most dossiers first; of the shortest period that people are shown."""
    kind = release.period_type(indicator)
    found = []
    for dimension in DIMENSIONS:
        rows = _rows(release).get((indicator, dimension), [])
        rows = [row for row in rows if row["period_type"] == kind]
        if rows:
            found.append(_newest(dimension, rows))
    return found


def _newest(dimension: str, rows: list[dict[str, Any]]) -> Parts:
    period = max(row["period"] for row in rows)
    rows = [row for row in rows if row["period"] == period]
    rows.sort(key=lambda row: (-(row["denominator"] or 0), row["item"]))
    greatest = (reach((row["value"] for row in rows), 0) or (0, 0))[1]
    drawn = [Part(row, bar(row["value"], greatest)) for row in rows[:MOST]]
    return Parts(dimension, period, drawn, len(rows))
