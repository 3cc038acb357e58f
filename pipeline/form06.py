"""Form 06/VPCP/KSTT (Circular 01/2020/TT-VPCP) of an area and a period, by field."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pyarrow.parquet as pq

from catalog.areas import NATION, areas
from catalog.night import Night
from catalog.records import records
from catalog.settings import settings
from pipeline.batch import night_folder
from pipeline.releases import release_days
from pipeline.stores import state
from transforms import indicators

COLUMNS = {
    code: int(code.split("_")[1]) for code in indicators.indicators() if code.startswith("form06_")
}
"""Indicator -> its column of the form."""
UNSTATED = "-"
"""Stands for the field of a dossier whose source named none."""


def form06(area: str, period: str, as_of: dt.date | None = None) -> list[dict[str, Any]]:
    """The lines of the form, as known by the newest release of `as_of` or before: each field with
    its columns 3 to 13, by code, then the area as a whole (`field_code` empty).

    The fields are counted as agencies are for publishing, by the same indicators. Nothing is
    withheld: it is for the office, not for publication. Empty when nothing was published.
    """
    days = [day for day in release_days() if as_of is None or day <= as_of]
    if not days:
        return []
    found = _observed(area, period, Night(days[-1]))
    lines: dict[str, dict[int, int]] = {}
    for row in found:
        is_whole = row["area"] == area
        if not (is_whole or row["level"] == "agency"):
            continue
        name = "" if is_whole else row["area"].removeprefix(FIELD)
        line = lines.setdefault(name, dict.fromkeys(COLUMNS.values(), 0))
        line[COLUMNS[row["indicator"]]] = row["numerator"] or 0
    order = sorted(lines, key=lambda name: (not name, name))
    return [{"field_code": name, "columns": lines[name]} for name in order]


FIELD = "field "
"""So that no field's code can be an area's."""


def _observed(area: str, period: str, night: Night) -> list[dict[str, Any]]:
    """The form's figures, with fields in the place of agencies."""
    known = areas().values()
    counted = [a.code for a in known if a.in_national_totals] if area == NATION else [area]
    own = " OR ".join(f"area_code = '{code}'" for code in counted)
    by_field = (
        f"(SELECT * REPLACE ('{FIELD}' || coalesce(field_code, '{UNSTATED}') AS agency_code)"
        f" FROM {state(records()['dossier'], night)} AS held WHERE {own})"
    )
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
        measures = indicators.measure(connection, {"dossier": by_field}, night)
        connection.register("measures", measures)
        kept = connection.sql("FROM measures WHERE starts_with(indicator, 'form06_')")
        told = pq.read_table(night_folder(night.on) / "reporting.parquet", partitioning=None)
        found = indicators.observe(kept.to_arrow_table(), told, night, "form06").to_pylist()
    return [
        row
        for row in found
        if row["indicator"] in COLUMNS and row["period"] == period and row["borders"] == "34"
    ]
