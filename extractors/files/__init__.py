"""Delivered files: CSV in the declared encoding, XLSX, and zip archives holding them.

A page is the file's own bytes: CSV is cut into runs of whole lines under the repeated header, a
workbook or an archive is one page whole. What a page is shows in its first bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from catalog.errors import DeliveryBroken
from catalog.sources import Source
from extractors.files import container, separated
from extractors.files.cut import Cut, Rows, TooLarge, Unreadable
from extractors.web import TooLarge as AnswerTooLarge

__all__ = ["SUFFIXES", "Cut", "cuts", "rows"]

SUFFIXES = ("csv", "xlsx", "zip")
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


def cuts(source: Source, name: str, file: BinaryIO) -> Iterator[Cut]:
    """The pages of the file called `name`, each checked from end to end before it is yielded.

    Raises DeliveryBroken for what is not a table in the agreed format, naming file and place.
    """
    buffered = io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file
    try:
        yield from _cuts(source, name, buffered)
    except TooLarge:
        problem = f"{name} has a page larger than {source.max_page_bytes} bytes"
        raise AnswerTooLarge(source.source_id, problem) from None
    except Unreadable as error:
        raise DeliveryBroken(source.source_id, f"{name} {error}") from None


def rows(source: Source, content: bytes) -> Iterator[Any]:
    """One dict for each row of a page; the bare list of values where their count is not the
    header's. All values are text as it stands in the file; an empty cell is empty text."""
    try:
        for values, header in _rows(source, content):
            yield dict(zip(header, values, strict=True)) if len(values) == len(header) else values
    except Unreadable as error:
        raise DeliveryBroken(source.source_id, f"a page {error}") from None


def _rows(source: Source, content: bytes) -> Rows:
    if content.startswith(ZIP_MAGIC):
        return container.rows(source, content)
    return separated.rows(source, io.BytesIO(content))


def _cuts(source: Source, name: str, file: BinaryIO) -> Iterator[Cut]:
    start = file.read(4)
    file.seek(0)
    if start.startswith(ZIP_MAGIC) != name.lower().endswith((".xlsx", ".zip")):
        raise Unreadable("is not what its name says")
    if start.startswith(ZIP_MAGIC):
        yield container.whole(source, file)
    else:
        yield from separated.cuts(source, file)
