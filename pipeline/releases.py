"""Reading published releases back: which there are, and the figures in one."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from catalog.night import Night
from catalog.settings import settings
from transforms.indicators import Borders, indicators

PREFIX = "nightly-"
PERIODS = {
    "all": r"all",
    "year": r"\d{4}",
    "quarter": r"\d{4}-Q[1-4]",
    "month": r"\d{4}-(0[1-9]|1[0-2])",
    "day": r"\d{4}-\d{2}-\d{2}",
}


def release_id(night: Night) -> str:
    """The id of a night's provisional release."""
    return f"{PREFIX}{night}"


def release_days() -> list[dt.date]:
    """The nights that have a published release, oldest first."""
    folders = settings().published_dir.glob(f"{PREFIX}*/observations.parquet")
    return sorted(dt.date.fromisoformat(f.parent.name.removeprefix(PREFIX)) for f in folders)


def release_before(night: Night) -> str | None:
    """The newest nightly release before that night that says what it was made of."""
    told = settings().published_dir.glob(f"{PREFIX}*/release.json")
    before = (file.parent.name for file in told if file.parent.name < release_id(night))
    return max(before, default=None)


def release_folder(as_of: dt.date | None = None) -> Path | None:
    """The newest release, or the newest not after `as_of`."""
    days = [day for day in release_days() if as_of is None or day <= as_of]
    return settings().published_dir / f"{PREFIX}{days[-1]}" if days else None


def period_type(period: str) -> str:
    """The kind of a written period: 2026-11-22, 2026-11, 2026-Q4, 2026 or all; else empty."""
    return next((kind for kind, form in PERIODS.items() if re.fullmatch(form, period)), "")


def figures(
    indicator: str,
    area: str | None = None,
    period: str | None = None,
    as_of: dt.date | None = None,
    borders: Borders = "34",
) -> list[dict[str, Any]]:
    """Published figures of one indicator: one period, else every month (or the least that it has:
    quarter, year); one area, else all but agencies; on today's borders (34) or as reported under
    the codes before 2025-07-01 (63). Empty when nothing is published.
    """
    folder = release_folder(as_of)
    if folder is None:
        return []
    filters = [("indicator", "=", indicator), ("borders", "=", borders)]
    usual = next(t for t in indicators()[indicator].period_types if t != "day")
    filters += [("period", "=", period)] if period else [("period_type", "=", usual)]
    filters += [("area", "=", area)] if area else [("level", "!=", "agency")]
    columns = ["indicator", "area", "period", "numerator", "denominator", "value", "coverage"]
    columns += ["status", "reason", "definition_version", "release"]
    table = pq.read_table(
        folder / "observations.parquet", columns=columns, filters=filters, partitioning=None
    )
    found: list[dict[str, Any]] = table.to_pylist()
    return found
