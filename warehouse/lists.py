"""The lists that explain the codes in `mart.observation`, as Arrow tables for their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog import codelists
from catalog.area_changes import AreaChange, area_changes
from catalog.areas import areas, former
from catalog.declarations import declared
from catalog.sources import sources
from warehouse.readers import readers
from warehouse.tables import mart

ARROW = {sa.Text: pa.string(), sa.Integer: pa.int32(), sa.Boolean: pa.bool_(), sa.Date: pa.date32()}


NAMED = {"code", "name_vi", "name_en"}
"""The columns of a code list that says what its codes are called."""


def lists(catalogue: Sequence[Mapping[str, Any]]) -> list[tuple[sa.Table, pa.Table]]:
    """Areas that are or were, what became of them, sources, the indicators of `catalogue`, codes.

    With each goes its table. An entry of `catalogue` is as ``indicators.json`` lists it.
    """
    shown, roles = [*areas().values(), *former()], readers()
    known = [
        {**vars(area), "sort_order": i, "reader": roles.get(area.code)}
        for i, area in enumerate(shown, 1)
    ]
    systems = [source.model_dump() for source in sources().values()]
    return [
        (mart.area, _rows(mart.area, known)),
        (mart.area_change, _rows(mart.area_change, [_change(c) for c in area_changes()])),
        (mart.source, _rows(mart.source, systems)),
        (mart.indicator, _rows(mart.indicator, [_indicator(entry) for entry in catalogue])),
        (mart.code, _rows(mart.code, list(_codes()))),
    ]


def _indicator(entry: Mapping[str, Any]) -> dict[str, Any]:
    formula = {f"formula_{language}": text for language, text in entry["formula"].items()}
    return {**entry, **formula}


def _codes() -> Iterator[dict[str, Any]]:
    for name in named_codelists():
        for number, row in enumerate(codelists.rows(name), 1):
            yield {**row, "codelist": name, "sort_order": number}


def named_codelists() -> list[str]:
    """The code lists that say what their codes are called in both languages."""
    names = sorted(path.stem for path in declared(codelists.FOLDER).glob("*.csv"))
    return [name for name in names if codelists.rows(name)[0].keys() >= NAMED]


def _change(change: AreaChange) -> dict[str, Any]:
    weight = None if change.weight is None else str(change.weight)
    return {**vars(change), "starts_on": change.on, "weight": weight}


def _rows(table: sa.Table, entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(column.name, ARROW[type(column.type)]) for column in table.c])
    chosen = [{name: entry[name] for name in schema.names} for entry in entries]
    return pa.Table.from_pylist(chosen, schema=schema)
