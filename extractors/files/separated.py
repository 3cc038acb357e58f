"""Separated values (CSV): read line by line, cut between rows, in any declared encoding."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from catalog.sources import Source
from extractors.files.cut import Cut, Rows, TooLarge, Unreadable, check_language, checked_header
from extractors.files.encodings import decode
from extractors.files.vietnamese import Reading

MOST_SIGNS = 100_000
"""So many delimiters a row may hold, those within its texts included."""


def cuts(source: Source, file: BinaryIO) -> Iterator[Cut]:
    """Runs of at most `page_size` rows as they stand, each under the file's own header."""
    records = _records(source, file)
    header, columns = next(records, (b"", []))
    checked_header(columns)
    heading = Reading.of(columns)
    reading, content, first, count = heading.copy(), bytearray(header), 1, 0
    for line, values in records:
        content += line
        count += bool(values)
        reading.take(values)
        if len(content) > source.max_page_bytes:
            raise TooLarge
        if count == source.page_size:
            check_language(reading, source.encoding)
            yield Cut(bytes(content), first, count)
            reading, content, first, count = heading.copy(), bytearray(header), first + count, 0
    if first == 1 or len(content) > len(header):
        check_language(reading, source.encoding)
        yield Cut(bytes(content), first, count)


def rows(source: Source, file: BinaryIO) -> Rows:
    """The rows under the header; empty lines are none."""
    records = _records(source, file)
    header = checked_header(next(records, (b"", []))[1])
    for _, values in records:
        if values:
            yield values, header


def _records(source: Source, file: BinaryIO) -> Iterator[tuple[bytes, list[str]]]:
    """Each row's bytes as they stand, with its values. The csv reader itself decides how many
    lines a row takes, so that a cut never falls into a quoted line break."""
    used = bytearray()
    delimiter = "\t" if source.delimiter == "tab" else source.delimiter
    reader = csv.reader(_lines(source, file, delimiter, used), strict=True, delimiter=delimiter)
    try:
        for values in reader:
            yield bytes(used), values
            used.clear()
    except UnicodeDecodeError:
        problem = f"line {reader.line_num + 1} is not {source.encoding.upper()}"
        raise Unreadable(problem) from None
    except csv.Error:
        raise Unreadable(f"line {reader.line_num} is not well-formed CSV") from None


def _lines(source: Source, file: BinaryIO, delimiter: str, used: bytearray) -> Iterator[str]:
    """The lines as text; their bytes are added to `used`. A row of millions of short values, which
    would take many times its size, is given up before it is read."""
    sign, signs = delimiter.encode(), 0
    encoding = "utf-8-sig" if source.encoding == "utf-8" else str(source.encoding)
    for line in iter(partial(file.readline, source.max_page_bytes + 1), b""):
        signs = line.count(sign) + (signs if used else 0)
        used += line
        if len(used) > source.max_page_bytes:
            raise TooLarge
        if signs > MOST_SIGNS:
            raise Unreadable(f"has a row of more than {MOST_SIGNS} values")
        yield decode(line, encoding)
        encoding = source.encoding
