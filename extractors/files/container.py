"""Zip archives, opened with limits: an archive of files, or a workbook, which is one inside."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from catalog.sources import Source
from extractors.files import separated, workbook
from extractors.files.cut import Cut, Rows, TooLarge, Unreadable, check_language
from extractors.files.vietnamese import Reading

MOST_ENTRIES = 200
LARGEST_RATIO, RATIO_FROM_BYTES = 200, 1_000_000
"""Tables shrink to a tenth or so; what grows by more than this factor was made to do harm."""
ENCRYPTED = 0x1


def whole(source: Source, file: BinaryIO) -> Cut:
    """The container as one page, read through once to count its rows and to find what is wrong."""
    content = file.read(source.max_page_bytes + 1)
    if len(content) > source.max_page_bytes:
        raise TooLarge
    reading, count, size, known = Reading(), 0, 0, None
    for values, header in rows(source, content):
        size += sum(map(len, values))
        if size > source.max_page_bytes:  # a workbook may name one long text in every cell
            raise TooLarge
        if header is not known:
            reading.take(header)
            known = header
        reading.take(values)
        count += 1
    check_language(reading, source.encoding)
    return Cut(content, 1, count)


def rows(source: Source, content: bytes) -> Rows:
    """The rows of a workbook, or those of every file of an archive in the order of their names."""
    with opened(content, source.max_page_bytes) as archive:
        if workbook.CONTENT_TYPES in archive.namelist():
            yield from workbook.rows(archive, source.encoding)
            return
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if not entry.is_dir():
                yield from _rows_of(source, archive, entry)


def _rows_of(source: Source, archive: ZipFile, entry: ZipInfo) -> Rows:
    suffix = PurePosixPath(entry.filename).suffix.lower()
    if suffix == ".csv":
        with archive.open(entry) as file:
            yield from separated.rows(source, cast(BinaryIO, file))
    elif suffix == ".xlsx":
        with opened(archive.read(entry), source.max_page_bytes) as inner:
            yield from workbook.rows(inner, source.encoding)
    else:
        raise Unreadable("holds a file that is neither CSV nor XLSX")


@contextmanager
def opened(content: bytes, limit: int) -> Iterator[ZipFile]:
    """The archive, once its directory says that no entry and not all together pass the limits.

    Reading stops at the size that the directory states, so that a false one is found as damage.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _check(archive.infolist(), limit)
            yield archive
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError):
        raise Unreadable("is a damaged archive") from None


def _check(entries: list[ZipInfo], limit: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(f"holds more than {MOST_ENTRIES} files")
    if len({entry.filename for entry in entries}) < len(entries):
        raise Unreadable("holds two files of one name")
    if sum(entry.file_size for entry in entries) > limit:
        raise TooLarge
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or set(entry.filename) & {"\\", ":"}:
        raise Unreadable("holds a file with a path that leads out of it")
    if entry.flag_bits & ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unreadable("is encrypted, or packed in an unusual way")
    if entry.file_size > max(RATIO_FROM_BYTES, entry.compress_size * LARGEST_RATIO):
        raise Unreadable(f"grows by more than {LARGEST_RATIO} times when it is unpacked")
