"""What provinces were called and what kind they were, day by day: attributes, never keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from catalog import codelists
from catalog.errors import DeclarationError

Status = Literal["province", "city"]
VI: dict[Status, str] = {"province": "tỉnh", "city": "thành phố"}


@dataclass(frozen=True)
class AreaName:
    """How a province was called from `valid_from` through `valid_to` (None: no end known)."""

    code: str
    name_vi: str
    status: Status
    valid_from: dt.date | None
    valid_to: dt.date | None
    basis: str

    @property
    def people_s_committee(self) -> str:
        """What its administration signs as."""
        return f"UBND {VI[self.status]} {self.name_vi}"


@cache
def area_names() -> dict[str, tuple[AreaName, ...]]:
    """Code -> its names, oldest first. Raises DeclarationError where days are uncovered."""
    found: dict[str, tuple[AreaName, ...]] = {}
    for row in codelists.rows("area_names"):
        name = AreaName(
            *(row["code"], row["name_vi"], cast(Status, row["kind"])),
            *(_day(row["valid_from"]), _day(row["valid_to"]), row["basis"]),
        )
        found[name.code] = (*found.get(name.code, ()), name)
    for code, names in found.items():
        _refuse_gaps(code, names)
    return found


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _refuse_gaps(code: str, names: tuple[AreaName, ...]) -> None:
    ends = [None, *(n.valid_to and n.valid_to + dt.timedelta(days=1) for n in names)]
    starts = [*(n.valid_from for n in names), None]
    if starts != ends or None in starts[1:-1] or {n.status for n in names} - set(VI):
        raise DeclarationError("area_names.csv", f"{code}: the days do not follow one another")


def name_on(code: str, day: dt.date) -> AreaName:
    """How the province `code` was called on `day`. Raises KeyError for one that is not listed."""
    names = area_names()[code]
    return next(n for n in names if n.valid_to is None or day <= n.valid_to)
