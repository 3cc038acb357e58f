"""What tables and columns are called in Vietnamese: one line a name in ``names.csv``.

A column means the same wherever it stands; the comment in the database says it before the English.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import sqlalchemy as sa


@cache
def names() -> dict[str, str]:
    """``mart.area`` or a column -> its Vietnamese name."""
    path = Path(__file__).with_name("names.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["name_vi"] for row in csv.DictReader(file)}


def named(name: str, about: str) -> str:
    """The comment of a table or column: its Vietnamese name, then what it means."""
    return f"{names()[name]}. {about}" if name in names() else about


def name_all(metadata: sa.MetaData, schemas: tuple[str, ...]) -> None:
    """Give the tables and columns of these schemas their Vietnamese names."""
    for table in metadata.tables.values():
        if table.schema in schemas:
            table.comment = named(str(table), str(table.comment))
            for column in table.c:
                column.comment = named(column.name, str(column.comment))
