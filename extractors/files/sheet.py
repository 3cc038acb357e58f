"""One sheet of a workbook (ECMA-376, 18.3), row by row, as the text of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zipfile import ZipFile

from extractors.files.cut import Unreadable
from extractors.files.encodings import decode_font
from extractors.files.xml_part import stream

MOST_COLUMNS = 16_384
REFERENCE = re.compile(r"([A-Z]{1,3})[1-9]\d{0,6}", re.ASCII)
WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
Cells = dict[int, str]
"""A row: column from 0 -> text; empty cells may be left out."""


def cells(
    archive: ZipFile, number: int, part: str, shared: Sequence[str], encoding: str
) -> Iterator[Cells]:
    """The rows of the sheet that is the `number`-th of its workbook, in the file's order."""
    sheet = _Sheet(f"sheet {number}", shared, encoding)
    for _ in stream(archive, part, sheet):
        yield from sheet.rows
        sheet.rows.clear()


class _Sheet:
    def __init__(self, name: str, shared: Sequence[str], encoding: str) -> None:
        self.name, self.shared, self.encoding = name, shared, encoding
        self.rows: list[Cells] = []
        self.row: Cells = {}
        self.number = 0
        self.column, self.kind = -1, ""
        self.inside: list[str] = []
        self.pieces: list[str] = []

    @property
    def place(self) -> str:
        return f"{self.name}, row {self.number}, column {self.column + 1}"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside.append(name)
        if name == "row":
            self.row, self.column = {}, -1
            self.number = _number(attributes.get("r"), self.number + 1)
        elif name == "c":
            self.column = _column(attributes.get("r"), self.column + 1)
            self.kind, self.pieces = attributes.get("t", "n"), []
        elif name == "f":
            raise Unreadable(f"has a formula in {self.place}")

    def text(self, text: str) -> None:
        if "c" in self.inside and self.inside[-1] in ("v", "t") and "rPh" not in self.inside:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        self.inside.pop()
        if name == "c" and self.pieces:
            self.row[self.column] = self._value("".join(self.pieces))
        elif name == "row":
            self.rows.append(self.row)

    def _value(self, written: str) -> str:
        try:
            if self.kind == "s":
                return self.shared[int(written)]
            if self.kind == "n":
                return _number_text(written)
            return decode_font(written, self.encoding)
        except (ValueError, IndexError):
            raise Unreadable(f"has an unreadable cell in {self.place}") from None


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and WHOLE.fullmatch(written) else otherwise


def _column(reference: str | None, otherwise: int) -> int:
    """Column from 0 of a reference such as B7; a cell without one follows its neighbour."""
    if reference is None:
        return otherwise
    match = REFERENCE.fullmatch(reference)
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    if not 1 <= column <= MOST_COLUMNS:
        raise Unreadable("has a cell outside the sheet")
    return column - 1


def _number_text(written: str) -> str:
    """A number as text: Excel stores 0.1 as 0.10000000000000001, which is the same number, and
    dates as serials, which stay serials."""
    return written if WHOLE.fullmatch(written) else repr(float(written))
