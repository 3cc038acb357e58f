"""Workbooks and archives made for tests, and what the readers make of them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from catalog.errors import DeliveryBroken
from catalog.sources import Source
from extractors import read
from extractors.files import Cut, cuts

MARK = "VALUE-FROM-A-ROW"
LIMIT = 2_000_000
HEADER = ["Mã hồ sơ", "Kênh", "Ngày"]
Sheet = list[list[Any]]


def declare(**changes: Any) -> Source:
    usual = {
        "source_id": "tha_tep",
        "name_vi": "Thả tệp",
        "area": "X-TEST",
        "platform": "manual_drop",
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "max_page_bytes": LIMIT,
    }
    return Source.model_validate(usual | changes)


def book(*sheets: Sheet, options: dict[str, Any] | None = None, hidden: int = -1) -> bytes:
    """A workbook; a cell that is a tuple is a formula with its last value."""
    kept = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, plain | (options or {})) as workbook:
        date = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for number, rows in enumerate(sheets):
            sheet = workbook.add_worksheet()
            if number == hidden:
                sheet.hide()
            for position, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, tuple):
                        sheet.write_formula(position, column, value[0], None, value[1])
                    elif isinstance(value, dt.datetime):
                        sheet.write_datetime(position, column, value, date)
                    elif value is not None:
                        sheet.write(position, column, value)
    return kept.getvalue()


def edited(content: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, edit(text.decode()).encode() if name == part else text)
    return kept.getvalue()


def packed(**files: bytes | str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return kept.getvalue()


def taken(name: str, content: bytes, **changes: Any) -> list[Any]:
    source = declare(**changes)
    [cut] = list[Cut](cuts(source, name, io.BytesIO(content)))
    rows = list(read(source, "dossier", cut.content))
    assert (cut.content, cut.first, cut.rows) == (content, 1, len(rows))
    return rows


def refused(name: str, content: bytes, **changes: Any) -> str:
    with pytest.raises(DeliveryBroken) as caught:
        list(cuts(declare(**changes), name, io.BytesIO(content)))
    assert MARK not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.problem


SHEET = "xl/worksheets/sheet1.xml"
GOOD = book([HEADER, ["X-1", "Trực tuyến", "22/11/2026"]])
