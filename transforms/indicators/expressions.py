"""The small SQL of flags and indicators: which words it may use, and the flags that are named.

Lower-case words are record columns or flags, upper-case words are SQL. Times are compared as
instants, or as microseconds since 1970 where they are subtracted, so that every engine agrees:
``MICROS(due_at)``, ``MONTH_END(received_on)`` (the end of that month in Viet Nam) and ``CUTOFF``
(the end of the night's day) are such numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from pydantic import model_validator

from catalog import codelists
from catalog.declarations import Declaration, load_folder
from catalog.records import Record, records

TOKEN = re.compile(r"'(?P<code>[^']*)'|(?P<word>[A-Za-z_]\w*)")
LOGIC = {"AND", "OR", "NOT", "IN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END"}
FUNCTIONS = {"COALESCE", "LEAST", "MICROS", "MONTH_END", "CUTOFF"}


def names(sql: str) -> list[str]:
    """The columns and flags that an expression uses, sorted."""
    words = {token["word"] for token in TOKEN.finditer(sql) if token["word"]}
    return sorted(word for word in words if not word.isupper())


def replace_names(sql: str, by: Callable[[str], str]) -> str:
    """The expression with every column or flag rewritten; SQL words and quoted codes stay."""

    def rewrite(token: re.Match[str]) -> str:
        word = token["word"]
        return token[0] if word is None or word.isupper() else by(word)

    return TOKEN.sub(rewrite, sql)


def check(sql: str, record: Record, flags: Collection[str]) -> None:
    """Raise ValueError for a word nobody knows, or a quoted code that no code list has."""
    tokens = list(TOKEN.finditer(sql))
    words = {token["word"] for token in tokens if token["word"]}
    unknown = words - LOGIC - FUNCTIONS - set(record.columns) - set(flags)
    if unknown:
        raise ValueError(f"unknown words {', '.join(sorted(unknown))} in: {sql}")
    lists = {record.columns[word].codes for word in words & set(record.columns)} - {None}
    codes = {code for name in lists if name for code in codelists.codes(name)}
    strange = {token["code"] for token in tokens if token["code"] is not None} - codes
    if strange:
        raise ValueError(f"unknown codes {', '.join(sorted(strange))} in: {sql}")


class Flag(Declaration):
    """A named part of the indicators' expressions: what it means, and its SQL."""

    about: str
    sql: str


class Flags(Declaration):
    """The flags of one record kind; each may use those above it."""

    kind: str
    flags: dict[str, Flag]

    @model_validator(mode="after")
    def _known_words(self) -> Flags:
        above: list[str] = []
        for name, flag in self.flags.items():
            check(flag.sql, records()[self.kind], above)
            above.append(name)
        return self

    def expand(self, name: str) -> str:
        """A flag as an expression over columns alone; a column as itself."""
        if name not in self.flags:
            return name
        return f"({replace_names(self.flags[name].sql, self.expand)})"


@cache
def flags() -> dict[str, Flags]:
    """The flags by record kind."""
    return load_folder(Path(__file__).parent.parent / "flags", Flags, "kind")
