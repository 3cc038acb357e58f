"""Somebody who reads a release, knows what adds up to what, and works out what is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

import pyarrow as pa

from catalog.areas import area_of_unit, areas, former

Key = tuple[str, str, str]
"""Borders, area, period."""
Sum = tuple[Key, list[Key]]
GUARDED = ("small_cell", "secondary_cell")
"""Reasons that say that there is at least one case."""
PROVINCES = {area.code for area in (*areas().values(), *former()) if area.kind == "province"}


def worked_out(published: pa.Table) -> dict[Key, int]:
    """Figures of one indicator without numbers, and the denominators that they must have."""
    rows = published.to_pylist()
    figures = {(row["borders"], row["area"], row["period"]): row for row in rows}
    unknown = {key for key, row in figures.items() if row["status"] == "withheld"}
    known = {key: row["denominator"] or 0 for key, row in figures.items() if key not in unknown}
    somebody = {key for key in unknown if figures[key]["reason"] in GUARDED}
    found: dict[Key, int] = {}
    known_sums = list(sums(figures))
    while True:
        solved = {}
        for total, parts in known_sums:
            lacking = [key for key in (total, *parts) if key not in known]
            rest = sum(known[key] for key in parts if key in known)
            if len(lacking) == 1:
                solved[lacking[0]] = known[total] - rest if total in known else rest
            elif total in known and somebody.issuperset(lacking):
                solved |= dict.fromkeys(lacking, 1) if known[total] - rest == len(lacking) else {}
        if not solved:
            return found
        known |= solved
        found |= solved


def sums(figures: Collection[Key]) -> Iterator[Sum]:
    """Every total in a release with its parts."""
    parts: dict[tuple[str, Key], list[Key]] = defaultdict(list)
    for borders, area, period in figures:
        for kind, total in totals(borders, area, period):
            if total in figures:
                parts[kind, total].append((borders, area, period))
    yield from ((total, keys) for (_, total), keys in parts.items())


def totals(borders: str, area: str, period: str) -> Iterator[tuple[str, Key]]:
    """What a figure is a part of, by place, time and borders."""
    if period != "all":
        yield "time", (borders, area, longer(period))
    if "." in area:
        yield "place", ("34", area_of_unit(area), period)
        yield "place", ("63", area.partition(".")[0], period)
    elif area != "VN" and (area not in areas() or areas()[area].in_national_totals):
        for drawn in {borders} if area in PROVINCES else {"34", "63"}:
            yield "place", (drawn, "VN", period)
    if borders == "63":
        yield "borders", ("34", area if area == "VN" else area_of_unit(area), period)


def longer(period: str) -> str:
    """2026-11-22 -> 2026-11 -> 2026-Q4 -> 2026 -> all."""
    if "-Q" in period:
        return period[:4]
    if len(period) == 7:
        return f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}"
    return period[:7] if len(period) == 10 else "all"
