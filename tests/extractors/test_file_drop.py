"""The file_drop platform over real folders."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeliveryBroken, SourceError, SourceUnavailable
from catalog.night import Night
from catalog.settings import CATALOG, settings
from catalog.sources import Source
from extractors import Delivery, collect, read

NIGHT = Night(dt.date(2026, 11, 22))
HEADER = b"code,day\n"
MARK = "VALUE-FROM-A-ROW"


def declare(folder: Path | str, **changes: Any) -> Source:
    usual = {
        "source_id": "tha_tep",
        "name_vi": "Thả tệp",
        "area": "X-TEST",
        "platform": "file_drop",
        "folder": str(folder),
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "page_size": 2,
    }
    return Source.model_validate(usual | changes)


def run(source: Source, cursor: str = "") -> tuple[Delivery, list[bytes]]:
    pages: list[bytes] = []

    def land(content: bytes) -> str:
        pages.append(content)
        return hashlib.sha256(content).hexdigest()

    return collect(source, "dossier", NIGHT, cursor, land), pages


def fails(source: Source, kind: type[SourceError]) -> str:
    with pytest.raises(kind) as caught:
        run(source)
    assert MARK not in "".join(traceback.format_exception(caught.value))
    return caught.value.problem


def rows_of(source: Source, pages: list[bytes]) -> list[Any]:
    return [row for page in pages for row in read(source, "dossier", page)]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_cut_into_pages_that_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n2,y\n3,z\n")
    delivery, pages = run(declare(tmp_path))
    assert pages == [HEADER + b"1,x\n2,y\n", HEADER + b"3,z\n"]
    assert (delivery.pages, delivery.rows, delivery.attempts) == (2, 3, 2)
    assert [p.request for p in delivery.landed] == ["file:a.csv#rows=1-2", "file:a.csv#rows=3-3"]
    assert rows_of(declare(tmp_path), pages)[2] == {"code": "3", "day": "z"}


def test_files_come_in_the_order_of_their_names_and_only_once(tmp_path: Path) -> None:
    first, second = HEADER + b"1,x\n", HEADER + b"2,y\n"
    (tmp_path / "b.csv").write_bytes(second)
    (tmp_path / "a.csv").write_bytes(first)
    (tmp_path / "the same as a.csv").write_bytes(first)
    delivery, pages = run(declare(tmp_path))
    assert pages == [first, second]
    assert delivery.cursor_after.split("\n") == sorted([sha(first), sha(second)])


def test_a_night_with_nothing_new_has_no_pages_and_the_same_cursor(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n")
    before, _ = run(declare(tmp_path))
    again, pages = run(declare(tmp_path), before.cursor_after)
    assert (again.pages, again.rows, again.bytes, pages) == (0, 0, 0, [])
    assert again.cursor_after == before.cursor_after


def test_a_renamed_file_is_not_new_and_a_changed_one_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n")
    before, _ = run(declare(tmp_path))
    (tmp_path / "a.csv").rename(tmp_path / "z.csv")
    assert run(declare(tmp_path), before.cursor_after)[0].pages == 0
    (tmp_path / "z.csv").write_bytes(HEADER + b"1,y\n")
    after, pages = run(declare(tmp_path), before.cursor_after)
    assert pages == [HEADER + b"1,y\n"]
    assert set(after.cursor_after.split("\n")) > set(before.cursor_after.split("\n"))


def test_unfinished_hidden_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("a.csv.part", "b.part", ".c.csv", "d.txt"):
        (tmp_path / name).write_bytes(HEADER + b"1,x\n")
    (tmp_path / "folder.csv").mkdir()
    assert run(declare(tmp_path))[0].pages == 0
    assert run(declare(tmp_path, file_pattern="*"))[0].landed[0].request.startswith("file:d.txt")


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
    ],
)
def test_a_broken_file_is_told_by_name_and_line(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert problem in fails(declare(tmp_path, max_page_bytes=1000), DeliveryBroken)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "drop"
    inside.mkdir()
    (tmp_path / "outside.csv").write_bytes(HEADER + b"1,x\n")
    (inside / "a.csv").symlink_to(tmp_path / "outside.csv")
    assert fails(declare(inside), DeliveryBroken) == "a.csv lies outside the folder"
    (inside / "a.csv").unlink()
    (inside / "b.csv").write_bytes(HEADER + b"1,x\n")
    (inside / "c.csv").symlink_to(inside / "b.csv")
    assert run(declare(inside))[0].pages == 1


def test_a_missing_folder_makes_the_source_unavailable(tmp_path: Path) -> None:
    assert "there is no folder" in fails(declare(tmp_path / "nowhere"), SourceUnavailable)


def test_a_file_that_goes_away_makes_the_source_unavailable(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(HEADER + name.encode() + b",x\n")

    def land(content: bytes) -> str:
        (tmp_path / "b.csv").unlink()
        return ""

    with pytest.raises(SourceUnavailable, match=r"b\.csv cannot be read"):
        collect(declare(tmp_path), "dossier", NIGHT, "", land)


def test_a_file_that_changes_while_it_is_read_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n2,y\n3,z\n")

    def land(content: bytes) -> str:
        with (tmp_path / "a.csv").open("ab") as file:
            file.write(b"4,w\n")
        return ""

    with pytest.raises(DeliveryBroken, match="changed while it was read"):
        collect(declare(tmp_path), "dossier", NIGHT, "", land)


def test_where_the_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = declare("{samples}", file_pattern="wabo_receipt.csv", page_size=1000)
    delivery, _ = run(sample)
    whole = (CATALOG / "samples" / "wabo_receipt.csv").read_bytes()
    assert delivery.rows == len(list(csv.reader(io.StringIO(whole.decode())))) - 1
    assert delivery.cursor_after == sha(whole)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    settings.cache_clear()
    try:
        assert str(tmp_path / "drop" / "tha_tep") in fails(declare(""), SourceUnavailable)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


VALUES = st.lists(st.text(alphabet='a"ữ\n\r, ', max_size=6), min_size=2, max_size=2)


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
