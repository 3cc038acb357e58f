"""Statements that are run again only when they change: what they made is known by their SHA-256 in
``ops.definition``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from warehouse.tables.ops import definition


def written(name: str) -> str:
    """SQL for the SHA-256 that `name` was made by; no row where it never was."""
    return f"SELECT sha256 FROM {definition} WHERE name = {quoted(name)}"


def digest(statements: Sequence[str]) -> str:
    """What stands for these statements."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def noted(name: str, statements: Sequence[str]) -> str:
    """SQL that notes that `name` has been made by them."""
    return (
        f"INSERT INTO {definition} (name, sha256) "
        f"VALUES ({quoted(name)}, {quoted(digest(statements))}) "
        "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256"
    )


def quoted(text: str) -> str:
    """A text as SQL."""
    return str(sa.literal(text).compile(compile_kwargs={"literal_binds": True}))
