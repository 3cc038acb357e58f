"""Somebody who reads a breakdown, knows the nation's figures and what adds up, and subtracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import NamedTuple

import pyarrow as pa

from tests.figures.attack import longer
from transforms.figures.secondary import FEW

Cell = tuple[str, str]
"""Item, period."""


class Bounds(NamedTuple):
    """What a reason tells of the cases that it hides."""

    least: float
    most: float


TOLD = {"small_cell": Bounds(1, FEW - 1), "secondary_cell": Bounds(FEW, inf)}
UNTOLD = Bounds(0, inf)


def worked_out(
    published: pa.Table, totals: Mapping[str, int], items: Iterable[str]
) -> dict[Cell, int]:
    """The cells of one breakdown without numbers, and the cases that they must hold. `totals` are
    the nation's denominators by period, `items` all that there can be. Where a period has rows, an
    item without one had no case; of a period without any row nothing is known but the total."""
    rows = {(row["item"], row["period"]): row for row in published.to_pylist()}
    listed = {period for _, period in rows}
    cells = {(item, period) for item in items for period in totals}
    known, bounds = dict[Cell, int](), dict[Cell, Bounds]()
    for cell in cells:
        if cell not in rows and cell[1] in listed:
            known[cell] = 0
        elif cell in rows and rows[cell]["status"] != "withheld":
            known[cell] = rows[cell]["denominator"]
        else:
            bounds[cell] = TOLD.get(rows[cell]["reason"] if cell in rows else "", UNTOLD)
    found = dict[Cell, int]()
    while solved := dict(_solved(cells, totals, known, bounds)):
        known |= solved
        found |= solved
    return found


def _solved(
    cells: set[Cell],
    totals: Mapping[str, int],
    known: Mapping[Cell, int],
    bounds: Mapping[Cell, Bounds],
) -> Iterator[tuple[Cell, int]]:
    for period, total in totals.items():
        yield from _rest({c for c in cells if c[1] == period}, total, known, bounds)
    for whole in cells:
        own = {c for c in cells if c[0] == whole[0] and c[1] != "all" and longer(c[1]) == whole[1]}
        if whole in known:
            yield from _rest(own, known[whole], known, bounds)
        elif own and own <= known.keys():
            yield whole, sum(known[cell] for cell in own)


def _rest(
    parts: set[Cell], total: int, known: Mapping[Cell, int], bounds: Mapping[Cell, Bounds]
) -> Iterator[tuple[Cell, int]]:
    lacking = sorted(parts - known.keys())
    rest = total - sum(known[cell] for cell in parts if cell in known)
    if len(lacking) == 1:
        yield lacking[0], rest
    for side in ("least", "most"):
        if lacking and sum(getattr(bounds[cell], side) for cell in lacking) == rest:
            yield from ((cell, int(getattr(bounds[cell], side))) for cell in lacking)
