"""Areas that figures are published for: the nation, 34 provinces, ministries, others by source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from catalog import codelists
from catalog.area_changes import THIRTY_FOUR, area_changes, area_on, root, successor
from catalog.area_names import name_on
from catalog.errors import DeclarationError
from catalog.sources import Source, sources

NATION = "VN"
Kind = Literal["nation", "province", "ministry", "other"]


@dataclass(frozen=True)
class Area:
    """One area. `code` is the electronic identification code (H26, G03), VN, or X-...; names are
    attributes that change, never keys. It exists through `valid_to`; None where no end is known."""

    code: str
    name_vi: str
    kind: Kind
    gso_code: str = ""
    in_national_totals: bool = True
    valid_to: dt.date | None = None


def listed() -> list[Area]:
    """The areas of the code lists: those that every catalogue has."""
    provinces = [
        Area(
            row["h_code"],
            row["name_vi"],
            "province",
            row["gso_code_34"],
            True,
            _ends(row["h_code"]),
        )
        for row in codelists.rows("provinces_34")
    ]
    ministries = [
        Area(row["code"], row["name_vi"], "ministry")
        for row in codelists.rows("ministries")
        if not row["valid_to"]
    ]
    return [Area(NATION, "Cả nước", "nation"), *provinces, *ministries]


def _ends(code: str) -> dt.date | None:
    """The last day of an area that became part of another, or several."""
    ends = (c.on for c in area_changes() if c.from_code == code and c.kind != "partial")
    return next((on - dt.timedelta(days=1) for on in ends), None)


def former() -> Iterator[Area]:
    """The provinces that ended before there were 34, as they were last called: figures on their
    borders are still published."""
    known = areas()
    for row in codelists.rows("provinces_63"):
        code, last = row["h_code"], _ends(row["h_code"])
        if code not in known and last:
            name = name_on(code, last).name_vi
            yield Area(code, name, "province", row["gso_code_63"], True, last)


def _declared(source: Source) -> Area | None:
    new = source.new_area
    if new is None:
        return None
    return Area(source.area, new.name_vi, new.kind, "", source.in_national_totals)


@cache
def areas() -> dict[str, Area]:
    """Every area by code. Raises DeclarationError where a source names one that nobody declares."""
    found = {area.code: area for area in listed()}
    for source in sources().values():
        new = _declared(source)
        if new and new.code in found:
            raise DeclarationError(f"{source.source_id}.yml", f"area {new.code} is already listed")
        if new:
            found[new.code] = new
    for source in sources().values():
        if source.area not in found:
            raise DeclarationError(f"{source.source_id}.yml", f"unknown area {source.area}")
    return found


def areas_of(source: Source) -> tuple[str, ...]:
    """The areas that the rows of `source` are about, sorted. Raises DeclarationError for a word
    that is neither ``provinces``, ``ministries`` nor an area's code."""
    found: set[str] = set()
    for word in source.reports_for or [source.area]:
        kind = {"provinces": "province", "ministries": "ministry"}.get(word)
        named = {a.code for a in areas().values() if a.kind == kind or a.code == word}
        if not named:
            raise DeclarationError(f"{source.source_id}.yml", f"reports_for: no area {word}")
        found |= named
    return tuple(sorted(found))


def reportable(source: Source, on: dt.date) -> frozenset[str]:
    """The areas whose rows are `source`'s to report on the day `on`: its own, and those that have
    become part of one of them."""
    own = {successor(area, on) for area in areas_of(source)}
    return frozenset(area for area in areas() if successor(area, on) in own)


def area_of_unit(code: str) -> str:
    """The area that a unit code of the Decision 20/2020 form is kept under: its first segment, or
    the province of 2025-07-01 that this belongs to. A later merge moves no record: figures are
    restated when they are made. Raises ValueError for one that is no area."""
    area = province_since_34().get(root(code), root(code))
    if area not in areas():
        raise ValueError("not an area that reports")
    return area


@cache
def province_since_34() -> dict[str, str]:
    """H-code of each of the 63 provinces -> H-code of the one it belongs to since 2025-07-01
    (Resolution 202/2025/QH15)."""
    codes = (row["h_code"] for row in codelists.rows("provinces_63"))
    return {code: area_on(code, THIRTY_FOUR) for code in codes}
