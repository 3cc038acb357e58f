"""Borders: the areas of today, all history restated on them, and the provinces before 2025-07-01.

A count is kept under the area that its record was kept under, and under its agency. Restating is
adding up: the figures of an area go to the one that it is part of on the night.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from catalog.area_changes import ended_on, successor
from catalog.areas import areas, former, province_since_34
from catalog.night import Night

Borders = Literal["34", "63"]
PLACE = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
AREA_SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("home", pa.string(), nullable=False),
        pa.field("shown_as", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("in_totals", pa.bool_(), nullable=False),
        pa.field("ended_on", pa.date32()),
    ]
)
"""What is counted (`code`), under which code it is shown, and the area of today (`home`) whose
coverage and place in the nation it has."""


def place(connection: duckdb.DuckDBPyConnection, borders: Borders, night: Night) -> None:
    """Make ``placed`` (MEASURE_SCHEMA) of the relations ``measures`` and ``definition``, and the
    ``area`` (AREA_SCHEMA) that goes with it."""
    connection.register("root", _roots(borders))
    connection.register("area", _areas(borders, night, set()))
    connection.execute(PLACE, {"borders": borders})
    counted = connection.sql("SELECT DISTINCT area FROM placed").fetchall()
    connection.register("area", _areas(borders, night, {code for (code,) in counted}))


def _roots(borders: Borders) -> pa.Table:
    known = province_since_34() if borders == "63" else {}
    rows = [{"code": code, "area": area} for code, area in known.items()]
    return pa.Table.from_pylist(rows, pa.schema([("code", pa.string()), ("area", pa.string())]))


def _areas(borders: Borders, night: Night, counted: set[str]) -> pa.Table:
    """Today's areas, and those of the provinces that ended for which something was counted."""
    shown = [*areas().values(), *(area for area in former() if area.code in counted)]
    rows = []
    for area in shown:
        home = areas()[successor(area.code, night.on)]
        rows.append(
            {
                "code": area.code,
                "home": home.code,
                "shown_as": area.code if borders == "63" else home.code,
                "level": home.kind,
                "in_totals": home.in_national_totals,
                "ended_on": ended_on(area.code, night.on),
            }
        )
    return pa.Table.from_pylist(rows, AREA_SCHEMA)
