"""What of a source's cell a person may see: never what could be about someone.

A value is shown only from a column that the dialect reads as a code, a time or a number, where it
is short and holds no long run of digits; a time or number must also look like one. Of anything
else only the shape is shown: ``Aaa 99`` for ``Huế 57``.
"""

from __future__ import annotations

import re
from typing import Any

from catalog.records import records
from catalog.sources import Source
from transforms.converters import converter_name
from transforms.dialects import RecordDialect, dialect_of

LONGEST_CODE, LONGEST_SHAPE = 24, 20
DIGITS = re.compile(r"\d{6}")
NUMERIC = re.compile(r"[\d\s.,:/+\-TZQ]+")
NUMBERS = {"timestamp", "date", "integer", "scaled", "constant"}
NUMBERS |= {"period", "period_start", "period_end"}


class Discretion:
    """Knows which columns of one source's record kind may be shown."""

    def __init__(self, source: Source, kind: str) -> None:
        spoken = dialect_of(source).records[kind]
        self.read_as = _read_as(spoken, kind)
        for column in spoken.personal:
            self.read_as.pop(column, None)

    def shown(self, row: Any, column: str) -> str:
        """The cell of `row` under `column` (``a+b`` for several), or its shape."""
        if not isinstance(row, dict):
            return ""
        names = [column] if column in row else column.split("+")
        return " + ".join(self._cell(row.get(name), name) for name in names)

    def _cell(self, value: Any, column: str) -> str:
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            return f"({type(value).__name__})"
        return value if self._may_show(value, column) else shape(value)

    def _may_show(self, value: str, column: str) -> bool:
        ways = self.read_as.get(column, set())
        if not ways or len(value) > LONGEST_CODE or DIGITS.search(value):
            return False
        return ways == {"words"} or (ways <= NUMBERS and bool(NUMERIC.fullmatch(value)))


def _read_as(spoken: RecordDialect, kind: str) -> dict[str, set[str]]:
    """Column -> the converters that read it: one that any of them reads as text is not shown."""
    fields = {n: (records()[kind].fields[n], first) for n, first in spoken.fields.items()}
    ways = {column: {"timestamp"} for m in spoken.version_at.chain for column in m.columns}
    for field, first in fields.values():
        for mapping in first.chain:
            for column in mapping.columns:
                ways.setdefault(column, set()).add(converter_name(mapping, field))
    return ways


def shape(value: str) -> str:
    """Letters as A and a, digits as 9, the rest as it is: ``Aaa 99``; cut where it is long."""
    drawn = "".join(_drawn(character) for character in value)
    return drawn if len(drawn) <= LONGEST_SHAPE else f"{drawn[:LONGEST_SHAPE]}…"


def _drawn(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character if character.isspace() or character in ".,:;/-_+()[]@#" else "?"
