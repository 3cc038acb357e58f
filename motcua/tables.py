"""Tables for people: no code is cut off, and numbers are written as one reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.table import Table

NOTHING = "—"


def table(words: Sequence[str], numbers: Sequence[str], title: str = "") -> Table:
    """An empty table: columns of words on the left, columns of numbers on the right."""
    made = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title or None)
    for head in words:
        made.add_column(head, overflow="fold")
    for head in numbers:
        made.add_column(head, justify="right", no_wrap=True)
    return made


def written(value: float | None, unit: Literal["share", "count", "score", "mean"]) -> str:
    """A value of an indicator: 56.2%, 1,040 or 83.54; a dash where there is no number."""
    if value is None:
        return NOTHING
    told = {"share": f"{value:.1%}", "count": f"{value:,.0f}"}
    return told.get(unit, f"{value:,.2f}")
