"""Statistical returns over real folders and files."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import traceback
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from catalog.errors import DeliveryBroken, SchemaDrift, SourceError
from catalog.night import Night
from catalog.returns import COLUMNS, INSTRUCTIONS, SHEET
from catalog.sources import Source
from extractors import Delivery, collect, read

NIGHT = Night(dt.date(2026, 11, 22))
MARK = "VALUE-FROM-A-ROW"
ACCOUNTS = [
    "portal_account",
    "Tài khoản",
    "H26",
    "Hà Nội",
    "2026-10",
    "120000",
    "",
    "",
    "05/11/2026",
]
SCORE = ["sipas", "SIPAS", "H29", "TP HCM", "2026-10", "", "", "84,79", "05/11/2026 16:30:00"]
BLANK = ["portal_account", "Tài khoản", "H29", "TP HCM", "2026-10", "", "", "", ""]


def declare(folder: Path, **changes: Any) -> Source:
    usual = {
        "source_id": "bao_cao",
        "name_vi": "Báo cáo thử nghiệm",
        "area": "G22",
        "reports_for": ["H26", "H29"],
        "platform": "return_form",
        "records": ["reported_figure"],
        "figures": ["portal_account", "household_user", "sipas"],
        "folder": str(folder),
        "frequency": "monthly",
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
    }
    return Source.model_validate(usual | changes)


def put_csv(folder: Path, *lines: list[str], header: Any = COLUMNS, name: str = "a.csv") -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *lines])
    (folder / name).write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def put_workbook(folder: Path, *lines: list[str], name: str = "a.xlsx") -> Path:
    with xlsxwriter.Workbook(folder / name, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        for number, line in enumerate([COLUMNS, *lines]):
            sheet.write_row(number, 0, line)
        book.add_worksheet(INSTRUCTIONS).insert_textbox("A1", "Chỉ điền ô trắng")
    return folder / name


def run(source: Source, night: Night = NIGHT, cursor: str = "") -> tuple[Delivery, list[Any]]:
    pages: list[bytes] = []

    def land(content: bytes) -> str:
        pages.append(content)
        return hashlib.sha256(content).hexdigest()

    delivery = collect(source, "reported_figure", night, cursor, land)
    return delivery, [row for page in pages for row in read(source, "reported_figure", page)]


def fails(source: Source, kind: type[SourceError] = DeliveryBroken) -> str:
    with pytest.raises(kind) as caught:
        run(source)
    assert MARK not in "".join(traceback.format_exception(caught.value))
    return caught.value.problem


@pytest.mark.parametrize("put", [put_csv, put_workbook])
def test_a_return_is_read_as_it_stands_and_blank_lines_are_left_out(
    tmp_path: Path, put: Any
) -> None:
    put(tmp_path, ACCOUNTS, BLANK, SCORE)
    delivery, rows = run(declare(tmp_path))
    assert [list(row.values()) for row in rows] == [ACCOUNTS, SCORE]
    assert delivery.rows == 2
    assert delivery.landed[0].request.endswith("&unreported=1")


def test_a_zero_is_stated(tmp_path: Path) -> None:
    put_csv(tmp_path, [*ACCOUNTS[:5], "0", "", "", "05/11/2026"])
    assert run(declare(tmp_path))[0].rows == 1


def test_an_empty_form_brings_nothing(tmp_path: Path) -> None:
    put_workbook(tmp_path, BLANK)
    delivery, rows = run(declare(tmp_path))
    assert (delivery.pages, delivery.rows, rows) == (1, 0, [])


def test_a_return_counts_from_the_day_on_which_it_was_delivered(tmp_path: Path) -> None:
    put_csv(tmp_path, ACCOUNTS)
    said = "delivered_on: 2026-11-05\ndelivered_by: Văn phòng UBND\nreason: kỳ 2026-10\n"
    (tmp_path / "a.csv.provenance.yml").write_text(said, encoding="utf-8")
    assert run(declare(tmp_path), Night(dt.date(2026, 11, 4)))[0].pages == 0
    delivery, rows = run(declare(tmp_path), Night(dt.date(2026, 11, 5)))
    assert len(rows) == 1
    assert run(declare(tmp_path), NIGHT, delivery.cursor_after)[0].pages == 0


WRONG = {
    0: (MARK, "line 2: column Mã số liệu: not a figure that this source reports"),
    2: (MARK, "line 2: column Mã đơn vị: not a unit that this source reports for"),
    4: ("2026-Q4", "line 2: column Kỳ: not a period of a monthly return"),
    5: ("", "line 2: column Giá trị: empty, though the line states a figure"),
    7: ("84,79", "line 2: column Điểm: not for a figure of this kind"),
    8: ("", "line 2: column Ngày cập nhật: empty, though the line states a figure"),
}


@pytest.mark.parametrize("column", WRONG)
@pytest.mark.parametrize("put", [put_csv, put_workbook])
def test_a_wrong_line_is_told_by_file_line_and_column(
    tmp_path: Path, put: Any, column: int
) -> None:
    value, problem = WRONG[column]
    line = [*ACCOUNTS[:6], "240000", *ACCOUNTS[7:]]
    line[column] = value
    put(tmp_path, SCORE, line, ACCOUNTS)
    told = fails(declare(tmp_path))
    assert told.startswith("a.")
    assert told.endswith(f"below its header, {problem}")


def test_a_unit_of_another_area_is_refused(tmp_path: Path) -> None:
    put_csv(tmp_path, [*ACCOUNTS[:2], "H24", *ACCOUNTS[3:]])
    assert "line 1: column Mã đơn vị" in fails(declare(tmp_path))


def test_a_score_stated_as_a_number_is_refused(tmp_path: Path) -> None:
    put_csv(tmp_path, [*SCORE[:5], "84", "", "", SCORE[8]])
    assert "line 1: column Điểm: empty" in fails(declare(tmp_path))
    put_csv(tmp_path, [*SCORE[:5], "84", "", "84,79", SCORE[8]])
    assert "line 1: column Giá trị: not for a figure of this kind" in fails(declare(tmp_path))


def test_not_all_wrong_lines_are_listed(tmp_path: Path) -> None:
    put_csv(tmp_path, *[[MARK, *ACCOUNTS[1:]]] * 9)
    told = fails(declare(tmp_path, page_size=20))
    assert told.count("line ") == 5
    assert told.endswith("; and 4 more")


def test_a_line_in_a_later_page_keeps_its_number(tmp_path: Path) -> None:
    put_csv(tmp_path, ACCOUNTS, ACCOUNTS, SCORE, [MARK, *ACCOUNTS[1:]])
    assert "line 4: column Mã số liệu" in fails(declare(tmp_path, page_size=2))


def test_a_return_that_broke_is_taken_once_it_is_repaired(tmp_path: Path) -> None:
    put_csv(tmp_path, ACCOUNTS, name="a.csv")
    put_csv(tmp_path, [MARK, *SCORE[1:]], name="b.csv")
    fails(declare(tmp_path))
    put_csv(tmp_path, SCORE, name="b.csv")
    delivery, rows = run(declare(tmp_path))
    assert [list(row.values()) for row in rows] == [ACCOUNTS, SCORE]
    assert len(delivery.cursor_after.split()) == 2


def test_a_changed_header_is_a_drift(tmp_path: Path) -> None:
    put_csv(tmp_path, ACCOUNTS, header=[*COLUMNS[:8], MARK])
    assert fails(declare(tmp_path), SchemaDrift) == "a.csv lacks the column Ngày cập nhật"


def test_a_line_of_the_wrong_width_is_refused(tmp_path: Path) -> None:
    put_csv(tmp_path, [*ACCOUNTS, MARK])
    assert "line 1: more or fewer cells than the header has" in fails(declare(tmp_path))


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Trang 1")
    assert fails(declare(tmp_path)) == "a.xlsx has no header of distinct column names"


def test_a_formula_is_refused_by_its_place(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ACCOUNTS)
        sheet.write_formula("F2", "=1+1", value=MARK)
    assert "a formula in sheet 1, row 2, column 6" in fails(declare(tmp_path))


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    good = put_workbook(tmp_path, ACCOUNTS)
    bomb = tmp_path / "b.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            filler = b" " * 50_000_000 if entry.filename == "xl/worksheets/sheet1.xml" else b""
            new.writestr(entry.filename, old.read(entry) + filler)
    good.unlink()
    assert "b.xlsx grows by more than" in fails(declare(tmp_path))


def test_a_return_in_the_wrong_encoding_is_refused(tmp_path: Path) -> None:
    content = ",".join(COLUMNS).encode("utf-8") + b"\nportal_account,T\xb5i kho\xb6n,H26\n"
    (tmp_path / "a.csv").write_bytes(content)
    assert "a.csv line 2 is not UTF-8" in fails(declare(tmp_path))
    put_csv(tmp_path, ACCOUNTS)
    told = fails(declare(tmp_path, encoding="windows-1258"))
    assert told == "a.csv line 1 is not WINDOWS-1258"
