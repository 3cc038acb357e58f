"""Separated values: cut into pages that stand alone, nothing lost, broken ones told by line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeliveryBroken
from tests.extractors.dropping import HEADER, MARK, declare, fails, rows_of, run


def test_a_file_is_cut_into_pages_that_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n2,y\n3,z\n")
    delivery, pages = run(declare(tmp_path))
    assert pages == [HEADER + b"1,x\n2,y\n", HEADER + b"3,z\n"]
    assert (delivery.pages, delivery.rows, delivery.attempts) == (2, 3, 2)
    assert [p.request for p in delivery.landed] == ["file:a.csv#rows=1-2", "file:a.csv#rows=3-3"]
    assert rows_of(declare(tmp_path), pages)[2] == {"code": "3", "day": "z"}


def test_a_header_alone_is_a_page_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"code,day")
    delivery, pages = run(declare(tmp_path))
    assert (pages, delivery.rows, rows_of(declare(tmp_path), pages)) == ([b"code,day"], 0, [])


def test_a_byte_order_mark_belongs_to_no_column(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + HEADER + b"1,x\n2,y\n3,z\n"
    (tmp_path / "a.csv").write_bytes(content)
    _, pages = run(declare(tmp_path))
    assert [row["code"] for row in rows_of(declare(tmp_path), pages)] == ["1", "2", "3"]


def test_a_row_of_the_wrong_width_is_a_bare_list(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1\n2,y,extra\n\n3,\n")
    delivery, pages = run(declare(tmp_path))
    expected = [["1"], ["2", "y", "extra"], {"code": "3", "day": ""}]
    assert rows_of(declare(tmp_path), pages) == expected
    assert delivery.rows == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (HEADER + b"1,x\n2," + MARK.encode() + b"\xff\n", "a.csv line 3 is not UTF-8"),
        (HEADER + b'1,x\n2,"' + MARK.encode(), "a.csv line 3 is not well-formed CSV"),
        (HEADER + b'1,"x"' + MARK.encode() + b"\n", "a.csv line 2 is not well-formed CSV"),
        (HEADER + b"1,x\r2,y\r", "a.csv line 2 is not well-formed CSV"),
        (b"", "a.csv has no header of distinct column names"),
        (b"\n1,x\n", "a.csv has no header of distinct column names"),
        (b"code,code\n1,x\n", "a.csv has no header of distinct column names"),
        (HEADER + b"1," + b"x" * 2000 + b"\n", "a.csv has a page larger than 1000 bytes"),
        (HEADER + b"1," + "ữ".encode() * 600, "a.csv has a page larger than 1000 bytes"),
        (HEADER + b"1," + b"x" * 600 + b"\n2," + b"x" * 600, "a page larger than 1000 bytes"),
        (HEADER + b'"\n","\n",' * 300, "a page larger than 1000 bytes"),
    ],
)
def test_a_broken_file_is_told_by_name_and_line(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert problem in fails(declare(tmp_path, max_page_bytes=1000), DeliveryBroken)


PIECES = st.sampled_from(["a", '"', " ữ ", "\n", "\r", ",", " "])
VALUES = st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=2, max_size=2)


@given(
    table=st.lists(VALUES, max_size=12),
    page_size=st.integers(1, 5),
    ending=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_cutting_loses_and_changes_nothing(
    table: list[list[str]], page_size: int, ending: str, last: bool, mark: bytes
) -> None:
    text = io.StringIO(newline="")
    text.write("code,day" + ending)
    plain = csv.writer(text, lineterminator=ending)
    quoted = csv.writer(text, lineterminator=ending, quoting=csv.QUOTE_ALL)
    for row in table:
        (quoted if "\r" in "".join(row) else plain).writerow(row)
    body = mark + text.getvalue().encode()
    body = body if last else body.removesuffix(ending.encode())
    header = mark + b"code,day" + (ending.encode() if table or last else b"")
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(body)
        source = declare(folder, page_size=page_size)
        delivery, pages = run(source)
    assert b"".join(page.removeprefix(header) for page in pages) == body.removeprefix(header)
    assert [list(row.values()) for row in rows_of(source, pages)] == table
    assert delivery.rows == len(table)
    assert all(page.rows <= page_size for page in delivery.landed)


@pytest.mark.parametrize(("delimiter", "sign"), [(";", ";"), ("|", "|"), ("tab", "\t")])
def test_the_delimiter_is_the_declared_one(tmp_path: Path, delimiter: str, sign: str) -> None:
    (tmp_path / "a.csv").write_text(f"code{sign}day\n1,5{sign}x\n", encoding="utf-8")
    source = declare(tmp_path, delimiter=delimiter)
    assert rows_of(source, run(source)[1]) == [{"code": "1,5", "day": "x"}]
