"""What the readers of files share: a piece of a file that is a page, and why one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from extractors.files.encodings import ENCODINGS, reread
from extractors.files.vietnamese import Reading

Rows = Iterator[tuple[list[str], list[str]]]
"""Each row's values, with the header that they stand under."""


class Unreadable(Exception):
    """A file that is not what was agreed. The message follows the file's name, says where, and
    holds nothing of the content."""


class TooLarge(Unreadable):
    """A page above the source's limit."""


class Cut(NamedTuple):
    """A page of a file; `first` is its first row, from 1."""

    content: bytes
    first: int
    rows: int


def checked_header(columns: list[str]) -> list[str]:
    """The column names. Raises Unreadable where there are none or one stands twice."""
    if not columns or len(set(columns)) < len(columns):
        raise Unreadable("has no header of distinct column names")
    return columns


def check_language(reading: Reading, encoding: str) -> None:
    """Raises Unreadable where the text does not look as if `encoding` were the right one: too much
    of it is no Vietnamese, or something of it is none and all is in another encoding."""
    if not reading.is_plausible or (reading.is_doubtful and _reads_elsewhere(reading, encoding)):
        raise Unreadable(f"does not read as Vietnamese in {encoding}, its declared encoding")


def _reads_elsewhere(reading: Reading, declared: str) -> bool:
    """Whether another encoding makes Vietnamese words of all that the samples hold."""
    samples = (*reading.first, *reading.odd)
    for other in ENCODINGS:
        try:
            again = Reading.of(reread(text, declared, other) for text in samples)
        except UnicodeError:
            continue
        if other != declared and again.long and not again.strange:
            return True
    return False
