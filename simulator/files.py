"""Tables as the files that sources deliver: CSV in any declared encoding, XLSX, zip.

The same table gives the same bytes: a file is known by its content.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter

from catalog.alphabet import letters
from catalog.sources import Source
from simulator.file_rows import Cell

Table = Iterable[Sequence[Cell]]
DAY_ONE = dt.datetime(2000, 1, 1)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def suffix(source: Source) -> str:
    """What the names of its files end in."""
    ends = (kind for kind in ("xlsx", "zip") if source.file_pattern.endswith(f".{kind}"))
    return next(ends, "csv")


def written(source: Source, name: str, table: Table) -> bytes:
    """The file called `name` (without its suffix) as `source` writes it."""
    if suffix(source) == "xlsx":
        return _workbook(source, table)
    content = encoded(_separated(source, table), source.encoding)
    return _packed(f"{name}.csv", content) if suffix(source) == "zip" else content


def _separated(source: Source, table: Table) -> str:
    text = io.StringIO(newline="")
    delimiter = "\t" if source.delimiter == "tab" else source.delimiter
    csv.writer(text, delimiter=delimiter).writerows(map(_text, row) for row in table)
    return text.getvalue()


def _text(cell: Cell) -> str:
    """Times in full, amounts with a decimal comma."""
    if isinstance(cell, dt.datetime):
        return f"{cell:%d/%m/%Y %H:%M:%S}"
    return f"{cell},00" if isinstance(cell, int) else cell


def encoded(text: str, encoding: str) -> bytes:
    """The text as bytes. Capital vowels with a tone, which TCVN3 lacks, become small; any other
    character that an encoding lacks becomes a question mark."""
    if encoding == "utf-8":
        return text.encode()
    composed = unicodedata.normalize("NFC", text)
    if encoding == "windows-1258":
        return "".join(map(_tone_apart, composed)).encode("windows-1258", "replace")
    table = letters("tcvn3" if encoding == "tcvn3" else "vni")
    first_letter = min(code[-1:] for code in table.values())
    return b"".join(table.get(c) or _western(c, first_letter) for c in composed)


def _tone_apart(letter: str) -> str:
    """The letter with its tone as a mark of its own, which is how windows-1258 writes it."""
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks if mark in TONES)
    base = "".join(mark for mark in marks if mark not in TONES)
    return unicodedata.normalize("NFC", base) + tones


def _western(letter: str, first_letter: bytes) -> bytes:
    """The byte of windows-1252, where the encoding has not put a letter of its own."""
    code = letter.encode("windows-1252", "replace")
    return code if code < first_letter else b"?"


def _workbook(source: Source, table: Table) -> bytes:
    """Times and amounts as Excel keeps them, in cells of numbers; nothing becomes a formula."""
    content = io.BytesIO()
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, inert) as book:
        book.set_properties({"created": DAY_ONE})
        time = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(number, column, cell, time)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, _in_font(cell, source.encoding))
    return content.getvalue()


def _in_font(text: str, encoding: str) -> str:
    """Workbooks are Unicode; one written in a font of an older encoding holds, for each byte, the
    Western character of that byte."""
    if encoding in ("tcvn3", "vni"):
        return encoded(text, encoding).decode("windows-1252")
    return text


def _packed(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        entry = ZipInfo(name, DAY_ONE.timetuple()[:6])
        archive.writestr(entry, content, ZIP_DEFLATED)
    return kept.getvalue()
