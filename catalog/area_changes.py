"""What became of provinces and ministries: who a code belonged to on a day, and belongs to now.

The 63 provinces that became 34 on 2025-07-01 are read from the two code lists; any other change
is a line of ``codelists/area_changes.csv``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal, get_args

from catalog import codelists
from catalog.errors import DeclarationError

FILE = "area_changes.csv"
THIRTY_FOUR = dt.date(2025, 7, 1)
SIXTY_THREE = dt.date(2008, 8, 1)
"""Since when there were 63 provinces (Resolution 15/2008/QH12): of days before nothing is known."""
BASIS_OF_34 = "Nghị quyết 202/2025/QH15"
Kind = Literal["merge", "split", "partial", "rename"]


@dataclass(frozen=True)
class AreaChange:
    """From the day `on`, `to_code` has what `from_code` had: all of it (``merge``, or ``rename``
    where only the code is new), or the share `weight` of it, whether nothing remains (``split``,
    one line for each part) or the rest does (``partial``, the weight unknown where None)."""

    kind: Kind
    on: dt.date
    from_code: str
    to_code: str
    weight: Decimal | None
    legal_basis: str

    @property
    def is_whole(self) -> bool:
        return self.kind in ("merge", "rename")


@cache
def area_changes() -> tuple[AreaChange, ...]:
    """All changes in the order of their days. Raises DeclarationError naming line and column."""
    declared = (
        _change(number, row) for number, row in enumerate(codelists.rows("area_changes"), 2)
    )
    found = sorted((*_to_34(), *declared), key=lambda c: (c.on, c.from_code, c.to_code))
    _refuse_impossible(found)
    return tuple(found)


def _to_34() -> Iterator[AreaChange]:
    now = {row["gso_code_34"]: row["h_code"] for row in codelists.rows("provinces_34")}
    for row in codelists.rows("provinces_63"):
        code, successor = row["h_code"], now[row["successor_gso_code_34"]]
        if code != successor:
            yield AreaChange("merge", THIRTY_FOUR, code, successor, None, BASIS_OF_34)


def _change(line: int, row: dict[str, str]) -> AreaChange:
    def wrong(column: str, problem: str) -> DeclarationError:
        return DeclarationError(FILE, f"line {line}, {column}: {problem}")

    if row["kind"] not in get_args(Kind):
        raise wrong("kind", f"none of {', '.join(get_args(Kind))}")
    try:
        on = dt.date.fromisoformat(row["on"])
    except ValueError:
        raise wrong("on", "not a day (YYYY-MM-DD)") from None
    if row["from_code"] == row["to_code"]:
        raise wrong("to_code", "an area does not become itself")
    try:
        weight = Decimal(row["weight"]) if row["weight"] else None
    except InvalidOperation:
        raise wrong("weight", "not a number") from None
    change = AreaChange(
        row["kind"],  # type: ignore[arg-type]
        *(on, row["from_code"], row["to_code"], weight, row["legal_basis"]),
    )
    if weight is not None and (change.is_whole or not 0 < weight < 1):
        raise wrong("weight", "a split or partial change has one between 0 and 1, others none")
    if not change.legal_basis:
        raise wrong("legal_basis", "empty")
    return change


def _refuse_impossible(changes: list[AreaChange]) -> None:
    """An area ends once, in one way; what it becomes exists, or begins with the change."""
    listed = {row["h_code"] for row in codelists.rows("provinces_63")}
    listed |= {row["code"] for row in codelists.rows("ministries")}
    ended: dict[str, AreaChange] = {}
    for change in changes:
        where = f"{change.from_code} -> {change.to_code} on {change.on}"
        before = ended.get(change.from_code)
        is_part = before and change.kind == before.kind == "split" and change.on == before.on
        if before and not is_part:
            raise DeclarationError(FILE, f"{where}: {change.from_code} ended on {before.on}")
        if change.from_code not in listed:
            raise DeclarationError(FILE, f"{where}: {change.from_code} never existed")
        if change.to_code in ended:
            raise DeclarationError(FILE, f"{where}: {change.to_code} has ended itself")
        if change.kind in ("merge", "partial") and change.to_code not in listed:
            raise DeclarationError(FILE, f"{where}: {change.to_code} never existed")
        listed.add(change.to_code)
        if change.kind != "partial":
            ended[change.from_code] = change
    for code in {c.from_code for c in changes if c.kind == "split"}:
        weights = [
            c.weight or Decimal() for c in changes if (c.from_code, c.kind) == (code, "split")
        ]
        if sum(weights) != 1:
            raise DeclarationError(FILE, f"{code}: the weights of its split do not sum to 1")


def root(code: str) -> str:
    """The level-1 code of a unit code in the Decision 20/2020 form."""
    return code.partition(".")[0]


def area_on(code: str, day: dt.date) -> str:
    """The area that a unit code belonged to on `day`, its root being the area's code of its time.

    Raises ValueError where that was split: its units went to several areas.
    """
    area = root(code)
    for change in area_changes():
        if change.from_code == area and change.on <= day:
            if change.kind == "split":
                raise ValueError(f"{area} was split on {change.on}")
            area = change.to_code if change.is_whole else area
    return area


def successor(area: str, day: dt.date) -> str:
    """The area that has on `day` what `area` had; itself where it was split, for no one has."""
    try:
        return area_on(area, day)
    except ValueError:
        return area


def ended_on(area: str, day: dt.date) -> dt.date | None:
    """The first day, up to `day`, on which `area` is no more; None while it lasts."""
    ends = (c.on for c in area_changes() if c.from_code == area and c.kind != "partial")
    return next((on for on in ends if on <= day), None)


def province_of_gso(code: str, day: dt.date | None = None) -> str:
    """The province (H-code) that a two-digit code of the General Statistics Office meant on `day`.

    Seven codes were given to other provinces on 2025-07-01 and 29 ended: without a day the code
    means nothing. Raises ValueError without one, for a day before the 63 provinces, and for a code
    that was not in use.
    """
    if day is None:
        raise ValueError("a GSO code means a province only on a day")
    if day < SIXTY_THREE:
        raise ValueError(f"no provinces are known for {day}")
    count = "34" if day >= THIRTY_FOUR else "63"
    for row in codelists.rows(f"provinces_{count}"):
        if row[f"gso_code_{count}"] == code:
            return area_on(row["h_code"], day)
    raise ValueError(f"GSO code not in use on {day}")
