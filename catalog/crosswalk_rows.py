"""One row of a commune crosswalk: an old commune that went to a new one, whole or in part."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from catalog import codelists
from catalog.area_changes import SIXTY_THREE, area_changes, ended_on, root

COLUMNS = ("old_code", "old_name", "new_code", "new_name", "weight", "on", "legal_basis", "part")
COMMUNE = re.compile(r"H\d{2}(\.\d{2,3}){1,5}")
WEIGHT = re.compile(r"[01](\.\d{1,12})?")
ONE = Decimal(1)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in which row (the header is row 1) and column; never what stands there."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.what}"


@dataclass(frozen=True)
class Move:
    """A commune, or the share `weight` of it, belongs to another from the day `on`."""

    row: int
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    weight: Decimal
    on: dt.date
    legal_basis: str

    @property
    def is_whole(self) -> bool:
        return self.weight == ONE


def problems_of(row: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with a row by itself."""
    for column in ("old_name", "new_name", "legal_basis"):
        if not cells[column].strip():
            yield Problem(row, column, "empty")
    for column in ("old_code", "new_code"):
        if not COMMUNE.fullmatch(cells[column]):
            yield Problem(row, column, "not the code of a commune (H55.105)")
    if cells["old_code"] == cells["new_code"]:
        yield Problem(row, "new_code", "that of the old commune itself")
    yield from _of_weight(row, cells)
    yield from _of_day(row, cells)


def _of_weight(row: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    part, weight = cells["part"], cells["weight"]
    if part not in ("whole", "part"):
        yield Problem(row, "part", "neither whole nor part")
    elif part == "whole" and weight not in ("", "1"):
        yield Problem(row, "weight", "a whole commune has the weight 1")
    elif part == "part" and not (WEIGHT.fullmatch(weight) and 0 < Decimal(weight) < 1):
        yield Problem(row, "weight", "a part has one between 0 and 1, with a decimal point")


def _of_day(row: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    try:
        on = dt.date.fromisoformat(cells["on"])
    except ValueError:
        yield Problem(row, "on", "not a day (YYYY-MM-DD)")
        return
    if on <= SIXTY_THREE:
        yield Problem(row, "on", f"not after {SIXTY_THREE}: of the provinces then nothing is known")
        return
    for column, day in (("old_code", on - ONE_DAY), ("new_code", on)):
        yield from _of_province(row, column, root(cells[column]), day)


def _of_province(row: int, column: str, province: str, day: dt.date) -> Iterator[Problem]:
    if province not in _provinces():
        yield Problem(row, column, "no such province")
    elif ended := ended_on(province, day):
        yield Problem(row, column, f"a province that ended on {ended}, before the change")


@cache
def _provinces() -> frozenset[str]:
    """Every province that there was since there were 63, or that one of them has become."""
    listed = {row["h_code"] for row in codelists.rows("provinces_63")}
    return frozenset(listed | {change.to_code for change in area_changes()})


def move(row: int, cells: Mapping[str, str]) -> Move:
    """The row, which has no problem."""
    return Move(
        row,
        cells["old_code"],
        cells["old_name"],
        cells["new_code"],
        cells["new_name"],
        ONE if cells["part"] == "whole" else Decimal(cells["weight"]),
        dt.date.fromisoformat(cells["on"]),
        cells["legal_basis"],
    )
