"""The small SQL of flags and indicators: which words it may use, and the flags that are named.

Lower-case words are record columns or flags, upper-case words are SQL. Four of them are ours:
``MONTH_END(received_on)`` is the instant at which that day's month ends in Viet Nam, ``CUTOFF``
the instant at which the night's day ends, ``DAY(due_at)`` the day of an instant in Viet Nam, and
``MICROS(due_at)`` an instant in microseconds since 1970, for subtracting: engines disagree about
the difference of two instants.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from pydantic import model_validator

from catalog import codelists
from catalog.declarations import Declaration, declared, load_folder
from catalog.records import Record, records

TOKEN = re.compile(r"'(?P<code>[^']*)'|(?P<word>[A-Za-z_]\w*)")
LOGIC = {"AND", "OR", "NOT", "IN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END"}
FUNCTIONS = {"COALESCE", "LEAST", "GREATEST", "MICROS", "DAY", "MONTH_END", "CUTOFF"}


def names(sql: str) -> list[str]:
    """The columns and flags that an expression uses, sorted."""
    words = {token["word"] for token in TOKEN.finditer(sql) if token["word"]}
    return sorted(word for word in words if not word.isupper())


def check(sql: str, record: Record, known: Collection[str], codes_of: str = "") -> None:
    """Raise ValueError for a word that is neither a column nor `known`, or a quoted code that no
    code list has: neither those of the columns named nor `codes_of`."""
    tokens = list(TOKEN.finditer(sql))
    words = {token["word"] for token in tokens if token["word"]}
    unknown = words - LOGIC - FUNCTIONS - set(record.columns) - set(known)
    if unknown:
        raise ValueError(f"unknown words {', '.join(sorted(unknown))} in: {sql}")
    lists = {record.columns[word].codes for word in words & set(record.columns)} | {codes_of}
    codes = {code for name in lists if name for code in codelists.codes(name)}
    strange = {token["code"] for token in tokens if token["code"] is not None} - codes
    if strange:
        raise ValueError(f"unknown codes {', '.join(sorted(strange))} in: {sql}")


class Flag(Declaration):
    """A named part of the indicators' expressions: what it means, and its SQL. One that `is_day`
    may put records into periods. CODES in the SQL stands for all codes of the list `codes_of`."""

    about: str
    sql: str
    is_day: bool = False
    codes_of: str = ""

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, content: dict[str, Any]) -> dict[str, Any]:
        if not content.get("codes_of"):
            return content
        quoted = ", ".join(f"'{code}'" for code in sorted(codelists.codes(content["codes_of"])))
        return {**content, "sql": content["sql"].replace("CODES", f"({quoted})")}


class Flags(Declaration):
    """The flags of one record kind; each may use those above it."""

    kind: str
    flags: dict[str, Flag]

    @model_validator(mode="after")
    def _known_words(self) -> Flags:
        above: list[str] = []
        for name, flag in self.flags.items():
            check(flag.sql, records()[self.kind], above, flag.codes_of)
            above.append(name)
        return self

    def needs(self, wanted: Iterable[str]) -> set[str]:
        """The `wanted` names and all that they are made of: flags and columns."""
        needed = set(wanted)
        for name in reversed(self.flags):
            if name in needed:
                needed.update(names(self.flags[name].sql))
        return needed

    def layers(self, wanted: Iterable[str]) -> list[dict[str, str]]:
        """The needed flags as name -> SQL, in layers: each uses only columns and layers before."""
        needed = self.needs(wanted)
        layers: dict[int, dict[str, str]] = defaultdict(dict)
        depth: dict[str, int] = {}
        for name, flag in self.flags.items():
            depth[name] = 1 + max(depth.get(part, 0) for part in names(flag.sql))
            if name in needed:
                layers[depth[name]][name] = flag.sql
        return [layers[number] for number in sorted(layers)]


@cache
def flags() -> dict[str, Flags]:
    """The flags by record kind."""
    return load_folder(declared("transforms/flags"), Flags, "kind")
