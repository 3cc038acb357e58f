"""XLSX (ECMA-376): the one sheet with data, as the text of its cells, row by row.

Read with the standard library's streaming parser and not with a spreadsheet library: those build
the whole rectangle around the outermost cells, so that two cells can ask for any memory, and they
take the values last calculated for formulas as if somebody had entered them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import ZipFile

from extractors.files.cut import Rows, Unreadable, checked_header
from extractors.files.encodings import decode_font
from extractors.files.sheet import Cells, cells
from extractors.files.xml_part import stream

CONTENT_TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
YES = ("1", "true")


def rows(archive: ZipFile, encoding: str) -> Rows:
    """The rows under the header of the only visible sheet that holds any. Rows without a value
    are none."""
    shared = _shared(archive, encoding) if STRINGS in archive.namelist() else []
    header: list[str] = []
    found = 0
    for number, part in _sheets(archive):
        filled = (row for row in cells(archive, number, part, shared, encoding) if _is_filled(row))
        first = next(filled, None)
        if first is None:
            continue
        if found:
            raise Unreadable(f"has rows on the sheets {found} and {number}")
        header, found = checked_header(_values(first, 0)), number
        for row in filled:
            yield _values(row, len(header)), header
    checked_header(header)


def _is_filled(row: Cells) -> bool:
    return any(row.values())


def _values(row: Cells, width: int) -> list[str]:
    """The cells under the header's `width` columns; past it only the filled cells, as the gaps of
    a hostile row can be larger than its file. Without a width, all up to the last filled one."""
    filled = [column for column in sorted(row) if row[column]]
    inside = [row.get(column, "") for column in range(width or filled[-1] + 1)]
    return inside + [row[column] for column in filled if column >= len(inside)]


def _sheets(archive: ZipFile) -> Iterator[tuple[int, str]]:
    """Number and part of each visible sheet, in the workbook's order."""
    book, relations = _Book(), _Relations()
    for _ in stream(archive, BOOK, book):
        pass
    for _ in stream(archive, RELATIONS, relations):
        pass
    if book.counts_from_1904:
        raise Unreadable("counts its days from 1904")
    for number, (relation, is_visible) in enumerate(book.sheets, start=1):
        if is_visible:
            target = relations.targets.get(relation, "")
            yield number, posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _shared(archive: ZipFile, encoding: str) -> list[str]:
    strings = _Strings(encoding)
    for _ in stream(archive, STRINGS, strings):
        pass
    return strings.texts


class Sheet(NamedTuple):
    """What the workbook says about a sheet."""

    relation: str
    is_visible: bool


class _Silent:
    """A handler to which only the elements' starts matter."""

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _Book(_Silent):
    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.counts_from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in YES
        elif name == "sheet":
            named = (v for n, v in attributes.items() if n.rpartition("}")[2] == "id")
            visible = attributes.get("state", "visible") == "visible"
            self.sheets.append(Sheet(next(named, ""), visible))


class _Relations(_Silent):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Strings:
    """The texts that cells refer to by number; runs of one text are joined, readings left out."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.texts: list[str] = []
        self.inside: list[str] = []
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside.append(name)

    def text(self, text: str) -> None:
        if self.inside[-1] == "t" and "rPh" not in self.inside:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        self.inside.pop()
        if name == "si":
            try:
                self.texts.append(decode_font("".join(self.pieces), self.encoding))
            except UnicodeError:
                raise Unreadable(f"holds a text that is not in {self.encoding}") from None
            self.pieces = []
