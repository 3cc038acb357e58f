"""The lists that explain the codes in `mart.observation`, as Arrow tables for their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.area_changes import AreaChange, area_changes
from catalog.areas import areas, former
from catalog.sources import sources
from warehouse.tables import mart

ARROW = {sa.Text: pa.string(), sa.Integer: pa.int32(), sa.Boolean: pa.bool_(), sa.Date: pa.date32()}


def lists(catalogue: Sequence[Mapping[str, Any]]) -> list[tuple[sa.Table, pa.Table]]:
    """Areas that are or were, what became of them, sources, and the indicators of `catalogue`.

    With each goes its table. An entry of `catalogue` has at least code, version, name_vi, name_en
    and unit.
    """
    shown = [*areas().values(), *former()]
    known = [{**vars(area), "sort_order": i} for i, area in enumerate(shown, 1)]
    declared = [source.model_dump() for source in sources().values()]
    return [
        (mart.area, _rows(mart.area, known)),
        (mart.area_change, _rows(mart.area_change, [_change(c) for c in area_changes()])),
        (mart.source, _rows(mart.source, declared)),
        (mart.indicator, _rows(mart.indicator, catalogue)),
    ]


def _change(change: AreaChange) -> dict[str, Any]:
    weight = None if change.weight is None else str(change.weight)
    return {**vars(change), "starts_on": change.on, "weight": weight}


def _rows(table: sa.Table, entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(column.name, ARROW[type(column.type)]) for column in table.c])
    chosen = [{name: entry[name] for name in schema.names} for entry in entries]
    return pa.Table.from_pylist(chosen, schema=schema)
