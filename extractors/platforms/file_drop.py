"""CSV files that somebody drops into a folder: UTF-8, a header line, one record a row.

A file counts as finished unless its name starts with a dot or ends in ``.part``. The cursor is
the sha256 of every file taken, sorted, one a line: a file is known by its content, not its name.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Generator, Iterator
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from catalog.errors import DeliveryBroken, SourceUnavailable
from catalog.night import Night
from catalog.settings import CATALOG, settings
from catalog.sources import Source
from extractors.delivery import Page

SAMPLES = "{samples}"


class Cut(NamedTuple):
    """A run of whole lines under the file's header; `first` is its first row, from 1."""

    content: bytes
    first: int
    rows: int


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """Every file not yet taken, in the order of their names, `page_size` rows a page; each page
    repeats its file's header."""
    taken, number = set(cursor.split()), 0
    for path in _files(source):
        for cut in _new(source, path, taken):
            number += 1
            last = cut.first + cut.rows - 1
            request = f"file:{path.name}#rows={cut.first}-{last}"
            yield Page(number, cut.content, cut.rows, request, 1, "\n".join(sorted(taken)))


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """One dict for each row; the bare list of values where their count is not the header's."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    header = next(reader)
    for values in filter(None, reader):
        yield dict(zip(header, values, strict=True)) if len(values) == len(header) else values


def _folder(source: Source) -> Path:
    if source.folder.startswith(SAMPLES):
        return CATALOG / "samples" / source.folder.removeprefix(SAMPLES).lstrip("/")
    return Path(source.folder) if source.folder else settings().home / "drop" / source.source_id


def _files(source: Source) -> list[Path]:
    folder = _folder(source)
    if not folder.is_dir():
        raise SourceUnavailable(source.source_id, f"there is no folder {folder}")
    found = sorted(
        path
        for path in folder.glob(source.file_pattern)
        if path.is_file() and path.suffix != ".part" and not path.name.startswith(".")
    )
    for path in found:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DeliveryBroken(source.source_id, f"{path.name} lies outside the folder")
    return found


def _new(source: Source, path: Path, taken: set[str]) -> Iterator[Cut]:
    """The cuts of a file not yet taken, which then counts as taken."""
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
            if digest in taken:
                return
            taken.add(digest)
            file.seek(0)
            yield from _cuts(source, path.name, file)
            after = os.fstat(file.fileno())
    except OSError as error:
        problem = f"{path.name} cannot be read ({type(error).__name__})"
        raise SourceUnavailable(source.source_id, problem) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryBroken(source.source_id, f"{path.name} changed while it was read")


def _cuts(source: Source, name: str, file: BinaryIO) -> Iterator[Cut]:
    records = _records(source, name, file)
    header, columns = next(records, (b"", []))
    if not columns or len(set(columns)) < len(columns):
        raise DeliveryBroken(source.source_id, f"{name} has no header of distinct column names")
    content, first, count = bytearray(header), 1, 0
    for line, values in records:
        content += line
        count += bool(values)
        if len(content) > source.max_page_bytes:
            raise _too_large(source, name)
        if count == source.page_size:
            yield Cut(bytes(content), first, count)
            content, first, count = bytearray(header), first + count, 0
    if first == 1 or len(content) > len(header):
        yield Cut(bytes(content), first, count)


def _records(source: Source, name: str, file: BinaryIO) -> Iterator[tuple[bytes, list[str]]]:
    """Each row's bytes as they stand, with its values. The csv reader itself decides how many
    lines a row takes, so that a cut never falls into a quoted line break."""
    used: list[bytes] = []

    def lines() -> Iterator[str]:
        encoding = "utf-8-sig"
        for line in iter(partial(file.readline, source.max_page_bytes + 1), b""):
            if len(line) > source.max_page_bytes:
                raise _too_large(source, name)
            used.append(line)
            yield line.decode(encoding)
            encoding = "utf-8"

    reader = csv.reader(lines(), strict=True)
    try:
        for values in reader:
            yield b"".join(used), values
            used.clear()
    except UnicodeDecodeError:
        problem = f"{name} line {reader.line_num + 1} is not UTF-8"
        raise DeliveryBroken(source.source_id, problem) from None
    except csv.Error:
        problem = f"{name} line {reader.line_num} is not well-formed CSV"
        raise DeliveryBroken(source.source_id, problem) from None


def _too_large(source: Source, name: str) -> DeliveryBroken:
    problem = f"{name} has a page larger than {source.max_page_bytes} bytes"
    return DeliveryBroken(source.source_id, problem)
