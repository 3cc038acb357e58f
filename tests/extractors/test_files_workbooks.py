"""Workbooks: read as text, compared with another reader, hostile ones refused."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import fastexcel
import pytest

from tests.extractors.tables import (
    GOOD,
    HEADER,
    MARK,
    SHEET,
    book,
    edited,
    refused,
    taken,
)


def test_every_kind_of_cell_is_its_text() -> None:
    moment = dt.datetime(2026, 11, 22, 8, 30, 1)
    cells = ["0012", 12, 12.5, 0.1, True, moment, " a\nb ", "=1+1", "https://a.invalid", None]
    [row] = taken("a.xlsx", book([[f"c{n}" for n in range(10)], cells]))
    assert list(row.values()) == [
        *("0012", "12", "12.5", "0.1", "1", "46348.35417824074"),
        *(" a\nb ", "=1+1", "https://a.invalid", ""),
    ]


def test_numbers_are_the_shortest_text_of_what_excel_stores() -> None:
    content = edited(
        book([["a", "b"], [7777, 8888]]),
        SHEET,
        lambda xml: xml.replace("<v>7777</v>", "<v>0.10000000000000001</v>").replace(
            "<v>8888</v>", "<v>79099012345678</v>"
        ),
    )
    assert taken("a.xlsx", content) == [{"a": "0.1", "b": "79099012345678"}]


def test_rows_are_those_that_another_reader_finds() -> None:
    rows = [[f"X-{n}", f"Ô số {n % 7}" if n % 3 else None, f"{n:02d}/11/2026"] for n in range(500)]
    rows[40] = [None, None, None]
    content = book([HEADER, *rows])
    other = fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    filled = [{k: v or "" for k, v in row.items()} for row in other if any(row.values())]
    assert taken("a.xlsx", content) == filled
    assert len(filled) == 499


def test_runs_of_rich_text_are_joined_and_readings_left_out() -> None:
    rich = "<si><r><t>Trực </t></r><r><t>tuyến</t></r><rPh><t>ẩn</t></rPh></si></sst>"
    content = edited(GOOD, "xl/sharedStrings.xml", lambda xml: xml.replace("</sst>", rich))
    content = edited(content, SHEET, lambda xml: xml.replace("<v>4</v>", "<v>6</v>"))
    assert taken("a.xlsx", content)[0]["Kênh"] == "Trực tuyến"


def test_text_written_into_the_cell_itself_is_read() -> None:
    inline = '<c r="A2" t="inlineStr"><is><t>Đã xong</t></is></c>'
    content = edited(GOOD, SHEET, lambda xml: xml.replace('<c r="A2" t="s"><v>3</v></c>', inline))
    assert taken("a.xlsx", content)[0]["Mã hồ sơ"] == "Đã xong"


def test_a_row_that_reaches_past_the_header_is_a_bare_list() -> None:
    rows = taken("a.xlsx", book([HEADER, ["X-1"], ["X-2", None, "c", None, "d"]]))
    assert rows == [{"Mã hồ sơ": "X-1", "Kênh": "", "Ngày": ""}, ["X-2", "", "c", "d"]]


def test_a_formula_is_refused_by_its_place() -> None:
    content = book([HEADER, ["X-1", None, None], ["X-2", ('="' + MARK + '"', MARK), None]])
    assert refused("a.xlsx", content) == "a.xlsx has a formula in sheet 1, row 3, column 2"
    assert "has a formula in sheet 2" in refused("a.xlsx", book([], [HEADER, [("=1", 1)]]))


def test_the_only_sheet_with_rows_is_read() -> None:
    assert len(taken("a.xlsx", book([], [HEADER, ["X-1"]], []))) == 1
    assert len(taken("a.xlsx", book([HEADER, ["X-1"]], [["Danh mục"], ["a"]], hidden=1))) == 1
    twice = book([HEADER, ["X-1"]], [HEADER, ["X-2"]])
    assert refused("a.xlsx", twice) == "a.xlsx has rows on the sheets 1 and 2"
    assert "no header" in refused("a.xlsx", book([]))
    assert "no header" in refused("a.xlsx", book([["a", "a"]]))


def test_days_counted_from_1904_are_refused() -> None:
    assert "1904" in refused("a.xlsx", book([HEADER], options={"date_1904": True}))


def test_a_cell_at_the_far_corner_takes_no_memory() -> None:
    far = f'<row r="1048576"><c r="XFD1048576" t="str"><v>{MARK}</v></c></row></sheetData>'
    content = edited(GOOD, SHEET, lambda xml: xml.replace("</sheetData>", far))
    tracemalloc.start()
    try:
        assert taken("a.xlsx", content)[1] == ["", "", "", MARK]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("part", "old", "new", "problem"),
    [
        (SHEET, '<c r="A2"', '<c r="AAAA2"', "has a cell outside the sheet"),
        (SHEET, "<v>3</v>", "<v>99</v>", "has an unreadable cell in sheet 1, row 2, column 1"),
        (SHEET, "</row>", "", "lacks a well-formed sheet1.xml"),
        (SHEET, "?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', "declares a document type"),
        ("xl/workbook.xml", "?>", '?><!DOCTYPE a SYSTEM "file:///etc/passwd">', "document type"),
        ("xl/sharedStrings.xml", "?>", "?><!DOCTYPE a>", "declares a document type"),
        ("xl/_rels/workbook.xml.rels", "sheet1.xml", "../../x.xml", "lacks a well-formed x.xml"),
        ("xl/workbook.xml", "<sheets>", "<sheets", "lacks a well-formed workbook.xml"),
    ],
)
def test_damaged_and_hostile_parts_are_refused(part: str, old: str, new: str, problem: str) -> None:
    content = edited(GOOD, part, lambda xml: xml.replace(old, new, 1))
    assert content != GOOD
    assert problem in refused("a.xlsx", content)


def test_a_bomb_of_entities_is_refused_unexpanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'?><!DOCTYPE a [<!ENTITY e0 "{MARK}">{levels}]>'
    content = edited(GOOD, SHEET, lambda xml: xml.replace("?>", bomb, 1))
    assert "declares a document type" in refused("a.xlsx", content)


def test_a_long_text_named_in_every_cell_is_refused() -> None:
    long = "x" * 30_000
    assert "larger than" in refused("a.xlsx", book([HEADER, *[[long, long, long]] * 30]))


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_a_workbook_in_unicode_declared_as_an_old_font_is_refused(encoding: str) -> None:
    assert refused("a.xlsx", GOOD, encoding=encoding)
