"""The figure asked about, as a release has it, and what the release says of its parts."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from catalog.areas import NATION, area_of_unit, areas
from catalog.errors import DeclarationError
from catalog.night import Night
from pipeline.releases import PREFIX, period_type, release_folder
from transforms.detectors.feeding import not_fed
from transforms.indicators.behind import Asked
from transforms.indicators.counts import NO_EXCEPTIONS, NotFed

BORDERS = "34"
TOLD = [
    *("release", "indicator", "definition_version", "borders", "area", "level", "period"),
    *("period_type", "numerator", "denominator", "value", "coverage", "status", "reason"),
]
"""What of a figure's row is told."""


@dataclass(frozen=True)
class Published:
    """One figure of a release: its `row`, the rows of the `areas` that it is the sum of (of the
    nation), the night whose state it counts, the release's own wording of its definition, and
    which sources that night left out of which indicator."""

    asked: Asked
    night: Night
    row: dict[str, Any]
    areas: list[dict[str, Any]]
    definition: dict[str, Any]
    not_fed: NotFed

    @property
    def homes(self) -> list[str]:
        """The areas whose systems report what the figure is made of."""
        if self.asked.area == NATION:
            return self.asked.units
        return [area_of_unit(self.asked.area) if self.row["level"] == "agency" else self.asked.area]

    @property
    def last_night_within(self) -> dt.date:
        """The period's last night, or the release's where the period has not ended."""
        return min(self.asked.last, self.night.on)


def find_published(code: str, area: str, period: str, as_of: dt.date | None) -> Published:
    """The figure in the newest release, or the newest not after `as_of`.

    Raises DeclarationError where nothing of the kind is published, saying what is.
    """
    folder = release_folder(as_of)
    if folder is None:
        raise DeclarationError("explain", "nothing is published yet, or not by that day")
    rows = _rows(folder, code)
    same = [r for r in rows if r["period"] == period]
    row = next((r for r in same if r["area"] == area), None)
    if row is None:
        there = sorted({r["period"] for r in rows if r["area"] == area})
        told = f"there is {', '.join(there)}" if there else "nor of any other period"
        raise DeclarationError("explain", f"no {code} of {area} for {period}; {told}")
    first, last = days_of(period)
    asked = Asked(code, area, first, last, known_since(rows))
    own = [r for r in same if r["area"] in asked.units] if area == NATION else []
    night = Night.parse(folder.name.removeprefix(PREFIX))
    return Published(asked, night, row, own, _released(folder, code), left_out_of(folder))


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a written period; of ``all`` those of the calendar."""
    kind = period_type(period)
    if kind == "all":
        return dt.date.min, dt.date.max
    if kind == "day":
        return dt.date.fromisoformat(period), dt.date.fromisoformat(period)
    year = int(period[:4])
    if kind == "year":
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    closes = 3 * int(period[-1]) if kind == "quarter" else int(period[-2:])
    opens = closes - 2 if kind == "quarter" else closes
    return dt.date(year, opens, 1), dt.date(year, closes, calendar.monthrange(year, closes)[1])


def area_name(code: str) -> str:
    """The name of an area; a unit has none here."""
    return areas()[code].name_vi if code in areas() else ""


def _rows(folder: Path, code: str) -> list[dict[str, Any]]:
    table = pq.read_table(
        folder / "observations.parquet",
        columns=TOLD,
        filters=[("indicator", "=", code), ("borders", "=", BORDERS)],
        partitioning=None,
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def known_since(rows: list[dict[str, Any]]) -> dict[str, dt.date]:
    """The first month of each unit in an indicator's published `rows`."""
    months = [r for r in rows if r["period_type"] == "month"]
    found: dict[str, dt.date] = {}
    for row in sorted(months, key=lambda r: r["period"], reverse=True):
        found[row["area"]] = days_of(row["period"])[0]
    return found


def left_out_of(folder: Path) -> NotFed:
    """What the release's detectors found; one from before there were any left nobody out."""
    file = folder / "detection.parquet"
    return not_fed(pq.read_table(file, partitioning=None)) if file.exists() else NO_EXCEPTIONS


def _released(folder: Path, code: str) -> dict[str, Any]:
    listed = json.loads((folder / "indicators.json").read_text(encoding="utf-8"))
    return next((i for i in listed if i["code"] == code), {})
