"""Viet Nam as one tile a province, with Hoàng Sa and Trường Sa: ``tiles.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("tiles.csv")
SIDE, TALL, GAP = 48, 52, 2
ISLANDS = 66
"""How wide the boxes of the two archipelagos are."""


class Tile(NamedTuple):
    """What a province's tile tells: its figure as written, the whole sentence that a screen reader
    says, the class of its colour (0: no figure), and where it leads."""

    text: str
    told: str
    shade: int
    href: str


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The lines of ``tiles.csv``."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def tile_map(tiles: Mapping[str, Tile], title: str, part_of: str) -> str:
    """The map; `tiles` by code of the province. An archipelago has no figure of its own: its box
    says which province it is `part_of` (``thuộc``) and leads there."""
    wide = SIDE * 5 + 40 + ISLANDS
    tall = TALL * (max(int(row["row"]) for row in rows()) + 1)
    drawn = (
        _islands(row, tiles[row["belongs_to"]], part_of)
        if row["belongs_to"]
        else _tile(row, tiles[row["code"]])
        for row in rows()
    )
    return (
        f'<svg class="tiles" viewBox="0 0 {wide} {tall}" role="group"'
        f' aria-label="{escape(title)}">{"".join(drawn)}</svg>'
    )


def _tile(row: Mapping[str, str], tile: Tile) -> str:
    x, y = int(row["column"]) * SIDE + GAP / 2, int(row["row"]) * TALL + GAP / 2
    *first, last = row["name_vi"].rsplit(" ", 1)
    lines = [(name, 17 + 11 * n) for n, name in enumerate((*first, last))]
    named = "".join(f'<tspan x="{x + 23:g}" y="{y + at:g}">{name}</tspan>' for name, at in lines)
    return (
        f'<a href="{tile.href}" class="s{tile.shade}" aria-label="{escape(tile.told)}">'
        f'<rect x="{x:g}" y="{y:g}" width="{SIDE - GAP}" height="{TALL - GAP}" rx="3"/>'
        f'<text>{named}<tspan class="n" x="{x + 23:g}" y="{y + 43:g}">{escape(tile.text)}</tspan>'
        "</text></a>"
    )


def _islands(row: Mapping[str, str], tile: Tile, part_of: str) -> str:
    x, y = SIDE * 5 + 38.0, int(row["row"]) * TALL + GAP / 2
    province = next(r["name_vi"] for r in rows() if r["code"] == row["belongs_to"])
    told = f"{row['name_vi']} ({part_of} {province})"
    lines = ((row["name_vi"], 18, "n"), (f"({part_of}", 31, ""), (f"{province})", 43, ""))
    named = "".join(
        f'<tspan class="{style}" x="{x + ISLANDS / 2:g}" y="{y + at:g}">{escape(text)}</tspan>'
        for text, at, style in lines
    )
    return (
        f'<a href="{tile.href}" class="islands" aria-label="{escape(told)}">'
        f'<rect x="{x + 1:g}" y="{y:g}" width="{ISLANDS - GAP}" height="{TALL - GAP}" rx="3"/>'
        f"<text>{named}</text></a>"
    )
