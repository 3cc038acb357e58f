"""What a column looks like: how full, of which form, and whether it could be about someone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args
from zoneinfo import ZoneInfo

from transforms.dialects import Format
from transforms.parsing import Refusal, parse_integer, parse_timestamp

FORMATS = sorted(get_args(Format), key=lambda f: (f == "excel_serial", f == "iso"))
"""The narrow ones first: Python reads nearly all of them as ISO too."""
RECENT_SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")
"""Excel's days from 1982 to 2036; other numbers are numbers."""
MOST_WORDS, LONGEST_WORD = 30, 24
"""A column of codes has at most so many different words, none longer."""
FEWEST_REPEATS = 3
"""How often, on average, each word of a column of codes occurs at least."""
LONG_TEXT = 60
ABOUT_SOMEONE = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(\+?84|0)\d{9}|\d{9}|\d{12}")
"""Mail addresses, Vietnamese telephone numbers, old and new identity numbers."""


@dataclass(frozen=True)
class Column:
    """One column of a sample."""

    name: str
    cells: Sequence[Any]

    @cached_property
    def texts(self) -> list[str]:
        """The cells that state something."""
        return [c for c in self.cells if isinstance(c, str) and c]

    @cached_property
    def is_nested(self) -> bool:
        return any(isinstance(cell, (list, dict)) for cell in self.cells)

    @cached_property
    def distinct(self) -> Counter[str]:
        return Counter(unicodedata.normalize("NFC", text) for text in self.texts)

    @cached_property
    def formats(self) -> list[str]:
        """The date formats that fit: one that fits all cells, else those that do so together."""
        found = {f: {t for t in self.distinct if _fits(t, f)} for f in FORMATS}
        for format, fitting in found.items():
            if fitting and len(fitting) == len(self.distinct):
                return [format]
        together = [format for format, fitting in found.items() if fitting]
        covered = set().union(*(found[format] for format in together))
        return together if together and len(covered) == len(self.distinct) else []

    @cached_property
    def has_offset(self) -> bool:
        """Whether every time in it carries its own offset from UTC."""
        offset = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
        return self.formats == ["iso"] and all(offset.search(t) for t in self.distinct)

    @cached_property
    def could_be_month_first(self) -> bool:
        """Whether a day format fits, but month and day could as well stand the other way round."""
        days = self.formats and self.formats[0].startswith("dd/MM")
        return bool(days) and all(int(text[:2]) <= 12 for text in self.distinct)

    @cached_property
    def is_whole_number(self) -> bool:
        try:
            return bool(self.texts) and all(parse_integer(t) is not None for t in self.distinct)
        except Refusal:
            return False

    @cached_property
    def is_code(self) -> bool:
        """Whether few short words come again and again."""
        few = 0 < len(self.distinct) <= min(MOST_WORDS, max(2, len(self.texts) // FEWEST_REPEATS))
        return few and all(_is_word(word) for word in self.distinct)

    @cached_property
    def could_be_about_someone(self) -> bool:
        """Whether its cells look like addresses, telephone or identity numbers, or free text."""
        if self.formats or not self.texts:
            return False
        hits = sum(n for word, n in self.distinct.items() if ABOUT_SOMEONE.fullmatch(word.strip()))
        length = sum(map(len, self.texts)) / len(self.texts)
        return hits * 10 > len(self.texts) or length > LONG_TEXT


def _is_word(text: str) -> bool:
    """Whether it may be written down: short, and no long number as those of people are."""
    return len(text) <= LONGEST_WORD and text.isprintable() and not re.search(r"\d{6}", text)


def _fits(text: str, format: str) -> bool:
    if format == "excel_serial" and not RECENT_SERIAL.fullmatch(text):
        return False
    try:
        return parse_timestamp(text, [format], ZoneInfo("UTC")) is not None
    except Refusal:
        return False
