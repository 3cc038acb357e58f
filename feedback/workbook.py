"""The workbook of failing rows: every row, the rules by how many rows they cost, and the words.

Every cell is a text or a whole number, never a formula or a link, so that what a source sent does
nothing in the reader's spreadsheet program. Nothing is put on disk on the way.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from catalog.night import Night
from catalog.records import records
from expectations.check import checks
from feedback.failing import END_VI, Failing, by_rule, concerned, failing_rows
from feedback.told import SEVERITY_VI, STATES_VI, told

ROWS, SUMMARY, WORDS = "Dòng lỗi", "Tóm tắt", "Giải thích"
MOST_ROWS, LONGEST = 1_000_000, 32_000
"""What a sheet and a cell of a workbook hold, with something to spare."""
STATE_VI = {**{state: words.capitalize() for state, words in STATES_VI.items()}, "": "Chưa nạp"}
COLUMNS = {
    "Lô": "Lần gửi: hệ thống nguồn, loại bản ghi và đêm nạp.",
    "Loại bản ghi": "Dòng nói về hồ sơ, đánh giá, sự kiện...",
    "Mã bản ghi": "Mã của hồ sơ hoặc bản ghi khác; trống khi không đọc được mã.",
    "Trang": "Trang hoặc tệp gốc chứa dòng: số thứ tự, hoặc mã băm của trang đã lưu.",
    "Dòng": "Vị trí của dòng trong trang, tính từ 1, không kể tiêu đề.",
    "Cột": "Cột sai: tên cột của nguồn khi bị loại, tên cột của kho dữ liệu khi bị cách ly.",
    "Giá trị thấy": "Giá trị của cột đó sau khi đọc; dòng bị loại không được giữ giá trị.",
    "Quy tắc": "Quy tắc mà dòng vi phạm.",
    "Vì sao sai": "Vì sao điều đó làm sai số liệu.",
    "Cách sửa": "Việc cần làm trên hệ thống nguồn.",
    "Mức độ": "Lỗi: dòng không được tính. Cảnh báo: dòng vẫn được tính.",
    "Kết cục": "Bị loại, bị cách ly, giữ lại cùng cả lô, hoặc vẫn được nhận.",
    "Số dòng": "Dòng này của sổ đại diện cho bao nhiêu dòng dữ liệu; 0 là nhận xét về cả lô.",
    "Thấy lần đầu": "Đêm đầu tiên thấy lỗi này ở bản ghi này.",
    "Thấy gần nhất": "Đêm gần nhất thấy lỗi này ở bản ghi này.",
    "Trạng thái": "Vấn đề mà dòng thuộc về đang ở đâu: cần sửa, đã nhận, có ý kiến khác, được chấp "
    "nhận, hoặc đã sửa xong. Dòng của tệp thử chưa được nạp.",
}
WIDTHS = (26, 18, 26, 12, 8, 34, 40, 34, 50, 50, 10, 20, 9, 13, 13, 16)
TOTAL = "Số dòng không được tính (cách ly và loại)"


def workbook(title: str, night: Night, failing: Sequence[Failing]) -> bytes:
    """The XLSX workbook of all `failing` rows, as they stand after `night`."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": night.cutoff.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "text_wrap": True})
        _sheet(book, head, SUMMARY, ("", ""), (34, 14, 34), _summary(title, night, failing))
        for number, start in enumerate(range(0, max(len(failing), 1), MOST_ROWS), start=1):
            name = ROWS if number == 1 else f"{ROWS} {number}"
            lines = map(_line, failing[start : start + MOST_ROWS])
            _sheet(book, head, name, tuple(COLUMNS), WIDTHS, lines)
        _sheet(book, head, WORDS, ("Từ", "Nghĩa"), (34, 100), _words(failing))
    return kept.getvalue()


def _sheet(
    book: Any,
    head: Any,
    name: str,
    titles: Sequence[str],
    widths: Sequence[int],
    lines: Iterable[Sequence[str | int]],
) -> None:
    sheet = book.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    last = 0
    for last, line in enumerate((tuple(titles), *lines)):
        for column, cell in enumerate(line):
            form = head if last == 0 else None
            if isinstance(cell, int):
                sheet.write_number(last, column, cell, form)
            elif cell:
                sheet.write_string(last, column, cell[:LONGEST], form)
    sheet.freeze_panes(1, 0)
    if len(titles) > 2:
        sheet.autofilter(0, 0, last, len(titles) - 1)


def _line(row: Failing) -> tuple[str | int, ...]:
    about = told(row.rule)
    return (
        row.batch_id,
        records()[row.record].name_vi,
        row.record_key,
        row.page[:12],
        row.row if row.row is not None else "cả lô",
        row.column,
        row.seen,
        about.title,
        about.why,
        about.fix,
        SEVERITY_VI[row.severity],
        END_VI[row.end],
        row.rows,
        row.first_seen,
        row.last_seen,
        STATE_VI[row.state],
    )


def _summary(
    title: str, night: Night, failing: Sequence[Failing]
) -> Iterable[tuple[str | int, ...]]:
    yield title, ""
    yield "Tính đến hết ngày", f"{night.on:%d/%m/%Y}"
    yield TOTAL, failing_rows(failing)
    yield ("",)
    yield "Quy tắc", "Số dòng", "Cột", "Mức độ", "Kết cục", "Loại bản ghi", "Cách sửa"
    for count in by_rule(failing):
        yield (
            count.title,
            count.rows,
            count.column,
            SEVERITY_VI[count.severity],
            END_VI[count.end],
            records()[count.record].name_vi,
            count.fix,
        )


def _words(failing: Sequence[Failing]) -> Iterable[tuple[str, str]]:
    """What the workbook's columns mean, and those of the records that its rules are about."""
    yield from COLUMNS.items()
    yield "", ""
    pairs = {(row.record, row.rule) for row in failing if row.rule in checks()}
    for record, name in sorted({(r, name) for r, rule in pairs for name in concerned(rule, r)}):
        field = records()[record].columns[name]
        yield f"{field.name_vi} ({name})", f"{records()[record].name_vi}. {field.about}"
