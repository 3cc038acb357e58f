"""Areas that figures are published for: the nation, 34 provinces, ministries, others by source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from catalog import codelists
from catalog.errors import DeclarationError
from catalog.sources import Source, sources

NATION = "VN"
Kind = Literal["nation", "province", "ministry", "other"]


@dataclass(frozen=True)
class Area:
    """One area. `code` is the electronic identification code (H26, G03), VN, or X-...; names are
    attributes that change, never keys."""

    code: str
    name_vi: str
    kind: Kind
    gso_code: str = ""
    in_national_totals: bool = True


def listed() -> list[Area]:
    """The areas of the code lists: those that every catalogue has."""
    provinces = [
        Area(row["h_code"], row["name_vi"], "province", row["gso_code_34"])
        for row in codelists.rows("provinces_34")
    ]
    ministries = [
        Area(row["code"], row["name_vi"], "ministry")
        for row in codelists.rows("ministries")
        if not row["valid_to"]
    ]
    return [Area(NATION, "Cả nước", "nation"), *provinces, *ministries]


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


def area_of_unit(code: str) -> str:
    """The area of a unit code in the Decision 20/2020 form: its first segment, or today's
    province where that was merged in 2025. Raises ValueError for one that is no area."""
    root = code.partition(".")[0]
    area = successor_of_63().get(root, root)
    if area not in areas():
        raise ValueError("not an area that reports")
    return area


@cache
def successor_of_63() -> dict[str, str]:
    """H-code of a province before 2025-07-01 -> H-code of the province it belongs to now
    (Resolution 202/2025/QH15)."""
    now = {row["gso_code_34"]: row["h_code"] for row in codelists.rows("provinces_34")}
    return {
        row["h_code"]: now[row["successor_gso_code_34"]] for row in codelists.rows("provinces_63")
    }
