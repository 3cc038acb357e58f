"""Code lists: one ``<list>.csv`` here, one line a code.

A list has at least the columns ``code`` and ``name_vi``; any other column (``wire``,
``portal_state``) is a set of words that some system uses for the same codes.
"""

from __future__ import annotations

import csv
from functools import cache

from catalog.declarations import declared
from catalog.errors import DeclarationError

FOLDER = "catalog/codelists"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All lines of the list called `name`; empty cells are empty strings."""
    path = declared(f"{FOLDER}/{name}.csv")
    if not path.is_file():
        raise DeclarationError(str(path), "no such code list")
    with path.open(encoding="utf-8", newline="") as file:
        lines = tuple(csv.DictReader(file))
    if not lines:
        raise DeclarationError(str(path), "an empty code list")
    return lines


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of the list called `name`."""
    return frozenset(row["code"] for row in rows(name))


@cache
def words(name: str, column: str) -> dict[str, str]:
    """A system's word -> our code, from one `column` of the list. Words of nobody are left out."""
    path = str(declared(f"{FOLDER}/{name}.csv"))
    if column not in rows(name)[0]:
        raise DeclarationError(path, f"no column {column!r}")
    mapping: dict[str, str] = {}
    for row in rows(name):
        if not row[column]:
            continue
        if row[column] in mapping:
            raise DeclarationError(path, f"{column} {row[column]!r} stands twice")
        mapping[row[column]] = row["code"]
    return mapping


@cache
def _names(name: str, column: str) -> dict[str, str]:
    return {row["code"]: row[column] for row in rows(name)}


def name_of(name: str, code: str, column: str = "name_vi") -> str:
    """What the list called `name` calls one of its codes."""
    return _names(name, column)[code]
