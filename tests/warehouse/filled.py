"""Every table filled with a row for each area, or each source, that says whose it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from catalog.areas import areas, former
from catalog.sources import sources
from tests.warehouse.samples import definition, figures
from warehouse.postgres import Warehouse
from warehouse.tables import metadata

RELEASE = "nightly-2026-11-22"
CATALOGUE = [definition(), definition("overdue_count", unit="count")]
LISTS = {"area", "area_change", "source", "indicator", "release", "code", "definition"}
FIXED = {
    "release": RELEASE, "indicator": "on_time_rate", "definition_version": 1, "borders": "34",
    "level": "province", "period": "2026-11", "period_type": "month", "kind": "gaming",
    "stage": "merge", "verdict": "ok", "state": "open", "reason": "", "fixed_on": None,
    "step": "opened", "origin": "night", "severity": "error",
    "quality_dimension": "validity", "trust_level": "good",
}  # fmt: skip
MARK = re.compile(r"whose:(\S+)$")


def known_areas() -> list[str]:
    return [*areas(), *(area.code for area in former())]


def fill(warehouse: Warehouse) -> None:
    """Publish the lists and one figure, then fill every other table."""
    warehouse.publish(RELEASE, figures(RELEASE, {"X-NONE": 1}), {}, CATALOGUE)
    with warehouse.engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name not in LISTS:
                connection.execute(table.insert(), list(_rows(table)))


def _rows(table: sa.Table) -> Iterator[dict[str, Any]]:
    if "area" in table.c or "area_code" in table.c:
        for code in known_areas():
            yield _row(table, code) | {c: code for c in ("area", "area_code") if c in table.c}
    elif "source_id" in table.c:
        for source in sources().values():
            named = _row(table, source.area, source.source_id)
            yield named | {"source_id": source.source_id}
    else:
        yield _row(table, "VN")


def _row(table: sa.Table, area: str, by: str = "") -> dict[str, Any]:
    return {c.name: FIXED.get(c.name, _value(c.type, f"{by} whose:{area}")) for c in table.c}


def _value(kind: Any, whose: str) -> Any:
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        return dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    if isinstance(kind, sa.Date):
        return dt.date(2026, 11, 22)
    return whose if isinstance(kind, sa.Text | JSONB) else 0


def areas_in(relation: str, row: dict[str, Any]) -> set[str]:
    """The areas that a row names, or whose it says to be in any of its texts."""
    columns = {"area", "area_code", "from_code", "to_code"}
    named = {str(row[c]).partition(".")[0] for c in columns & row.keys()}
    if relation == "mart.area":
        named.add(row["code"])
    if (source := sources().get(str(row.get("source_id")))) and "area" not in row:
        named.add(source.area)
    texts = [value for value in row.values() if isinstance(value, str)]
    return named | {found[1] for text in texts if (found := MARK.search(text))}
