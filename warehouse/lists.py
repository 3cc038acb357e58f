"""The lists that explain the codes in `mart.observation`, as Arrow tables for their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.areas import areas
from catalog.sources import sources
from warehouse.tables import mart

ARROW = {sa.Text: pa.string(), sa.Integer: pa.int32(), sa.Boolean: pa.bool_(), sa.Date: pa.date32()}


def lists(catalogue: Sequence[Mapping[str, Any]]) -> list[tuple[sa.Table, pa.Table]]:
    """Areas and sources as declared, and the indicators of `catalogue`, with their tables.

    An entry of `catalogue` has at least code, version, name_vi, name_en and unit.
    """
    known = [{**vars(area), "sort_order": i} for i, area in enumerate(areas().values(), 1)]
    declared = [source.model_dump() for source in sources().values()]
    return [
        (mart.area, _rows(mart.area, known)),
        (mart.source, _rows(mart.source, declared)),
        (mart.indicator, _rows(mart.indicator, catalogue)),
    ]


def _rows(table: sa.Table, entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(column.name, ARROW[type(column.type)]) for column in table.c])
    chosen = [{name: entry[name] for name in schema.names} for entry in entries]
    return pa.Table.from_pylist(chosen, schema=schema)
