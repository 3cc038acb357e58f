"""The empty form of a statistical return, as a workbook or as CSV, from the catalogue.

It lies here because a form needs the catalogue and a writer of workbooks, and belongs to no night.
Cells to fill in are text cells, so that 84,79 stays 84,79 in every country's spreadsheet program.
The instructions are a text box: only one sheet of a delivered workbook may hold cells.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import xlsxwriter

from catalog.returns import (
    COLUMNS,
    INSTRUCTIONS,
    PERIOD,
    SCORE,
    SHEET,
    STATED,
    UPDATED,
    VALUE,
    WHOLE,
    Line,
    is_score,
    lines,
)
from catalog.sources import Source

WIDTHS = (24, 44, 11, 26, 10, 14, 14, 10, 20)
WHOLE_NUMBER = '=AND(LEN({0})<=15,ISNUMBER(--{0}),ISERROR(FIND(".",{0})),ISERROR(FIND(",",{0})))'
POINTS = '=AND(LEN({0})<=6,ISERROR(FIND(".",{0})))'
ADVICE = {
    VALUE: "Chỉ ghi chữ số, không ghi dấu phân cách hàng nghìn: 1234567. Không có thì ghi 0.",
    WHOLE: "Số liệu được tính trên tổng bao nhiêu (nếu có). Chỉ ghi chữ số.",
    SCORE: "Điểm, tối đa hai chữ số sau dấu phẩy: 84,79",
    UPDATED: "Ngày chốt số liệu: 05/11/2026 hoặc 05/11/2026 16:30:00",
}
TEXT = """\
Báo cáo này do hệ thống Một Cửa Metrics lập sẵn cho: {name}, kỳ {period}.
1. Chỉ điền các ô trắng của trang “{sheet}”: Giá trị, Trên tổng số hoặc Điểm, và Ngày cập nhật.
2. Ô “Giá trị” và “Trên tổng số”: chỉ ghi chữ số (1234567), không dấu chấm, không dấu phẩy.
3. Ô “Điểm” (SIPAS, PAR INDEX, PAPI): ghi điểm với dấu phẩy thập phân, tối đa hai chữ số: 84,79.
4. Số liệu bằng không thì ghi 0. Chưa có số liệu thì để trống cả dòng: dòng trống là chưa báo cáo, \
không phải là 0.
5. Ô “Ngày cập nhật”: ngày chốt số liệu của dòng đó (05/11/2026). Bắt buộc ở dòng có số liệu.
6. Không đổi tên trang, tiêu đề cột, mã số liệu, mã đơn vị; không dùng công thức.
7. Đính chính: gửi tệp mới, ghi Ngày cập nhật mới hơn ở các dòng đính chính."""


def write_template(source: Source, period: str, path: Path) -> int:
    """Write the empty form to `path`, CSV (UTF-8) where its name ends so, else XLSX; returns the
    number of lines to fill in. Raises DeclarationError for a period that is not the source's."""
    asked = lines(source, period)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        _write_csv(path, asked)
    else:
        _write_workbook(path, asked, TEXT.format(name=source.name_vi, period=period, sheet=SHEET))
    return len(asked)


def _write_csv(path: Path, asked: list[Line]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([*line, *[""] * (len(COLUMNS) - len(line))] for line in asked)


def _write_workbook(path: Path, asked: list[Line], instructions: str) -> None:
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, inert) as book:
        _write_sheet(book, book.add_worksheet(SHEET), asked)
        page = book.add_worksheet(INSTRUCTIONS)
        page.insert_textbox("A1", instructions, {"width": 900, "height": 400, "font": {"size": 12}})
        page.protect()


def _write_sheet(book: Any, sheet: Any, asked: list[Line]) -> None:
    text = {"num_format": "@", "border": 1}
    fixed, closed = (
        book.add_format({**text, "bg_color": "#EEEEEE"}),
        {**text, "bg_color": "#CCCCCC"},
    )
    formats = {True: book.add_format({**text, "locked": False}), False: book.add_format(closed)}
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    for column, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for row, line in enumerate(asked, start=1):
        for column, cell in enumerate(line):
            sheet.write_string(row, column, cell, fixed)
        for name in (*STATED, UPDATED):
            is_open = name == UPDATED or (name == SCORE) == is_score(line.figure)
            sheet.write_blank(row, COLUMNS.index(name), None, formats[is_open])
    sheet.freeze_panes(1, COLUMNS.index(PERIOD))
    sheet.ignore_errors({"number_stored_as_text": f"A1:I{len(asked) + 1}"})
    sheet.protect()
    _advise(sheet, len(asked))


def _advise(sheet: Any, rows: int) -> None:
    """Show advice beside each cell to fill in, and warn where what is typed cannot be read."""
    rules = {VALUE: WHOLE_NUMBER, WHOLE: WHOLE_NUMBER, SCORE: POINTS}
    for name, advice in ADVICE.items():
        column = COLUMNS.index(name)
        rule = {"validate": "any", "input_title": name, "input_message": advice}
        if name in rules:
            first = f"{chr(ord('A') + column)}2"
            rule |= {"validate": "custom", "value": rules[name].format(first)}
            rule |= {"error_title": name, "error_message": advice, "error_type": "warning"}
        sheet.data_validation(1, column, rows, column, rule)
