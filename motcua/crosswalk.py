"""Checking a commune crosswalk, and restating counts by it."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.crosswalk import Crosswalk, load, restate
from catalog.errors import DeclarationError
from motcua.application import AsJson, app, show

WHOLE = re.compile("[0-9]{1,18}")
COLUMNS = ["code", "numerator", "denominator"]


@app.command(rich_help_panel="Looking")
def crosswalk(
    file: Annotated[Path, typer.Argument(help="CSV: old communes and new ones.")],
    counts: Annotated[
        Path | None, typer.Option(help="CSV of code, numerator, denominator, to be restated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a commune crosswalk and tell what it does; with --counts restate them by it."""
    known = load(file)
    if counts is None:
        show(file.name, _told(known), as_json)
        return
    found = restate(_read(counts), known)
    show(counts.name, [{"code": code, **vars(one)} for code, one in found.items()], as_json)


def _told(known: Crosswalk) -> list[dict[str, Any]]:
    """A line for each new commune: how many old ones it is made of, and of how many a part."""
    lines: dict[str, dict[str, Any]] = {}
    for one in sorted(known.moves, key=lambda one: (one.on, one.new_code)):
        empty = {"on": one.on, "code": one.new_code, "name": one.new_name, "whole": 0, "parts": 0}
        lines.setdefault(one.new_code, empty)["whole" if one.is_whole else "parts"] += 1
    return list(lines.values())


def _read(path: Path) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file, strict=True)
            if lines.fieldnames != COLUMNS:
                raise DeclarationError(path.name, f"row 1: the columns are {', '.join(COLUMNS)}")
            for number, row in enumerate(lines, 2):
                code, amount = _counted(path, number, row)
                before = found.get(code, (0, 0))
                found[code] = (before[0] + amount[0], before[1] + amount[1])
    except OSError as error:
        raise DeclarationError(path.name, f"cannot be read ({type(error).__name__})") from None
    except (UnicodeDecodeError, csv.Error):
        raise DeclarationError(path.name, "not CSV in UTF-8") from None
    return found


def _counted(path: Path, number: int, row: dict[str, str]) -> tuple[str, tuple[int, int]]:
    texts = [row[name] or "" for name in COLUMNS[1:]]
    if not row["code"] or None in row or not all(map(WHOLE.fullmatch, texts)):
        raise DeclarationError(path.name, f"row {number}: not a code and two whole numbers")
    return row["code"], (int(texts[0]), int(texts[1]))
