"""The manual_drop platform over real folders."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import xlsxwriter

from catalog.errors import DeliveryBroken, SourceUnavailable
from catalog.settings import CATALOG, settings
from extractors import collect
from tests.extractors.conftest import drift
from tests.extractors.dropping import HEADER, MARK, NIGHT, declare, fails, rows_of, run, sha


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
    assert run(declare(tmp_path, file_pattern="*.csv"))[0].pages == 0
    assert run(declare(tmp_path))[0].landed[0].request.startswith("file:d.txt")


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


def test_a_night_with_a_broken_file_is_taken_whole_once_it_is_repaired(tmp_path: Path) -> None:
    good, repaired = HEADER + b"1,x\n", HEADER + b"2,y\n"
    (tmp_path / "a.csv").write_bytes(good)
    (tmp_path / "b.csv").write_bytes(HEADER + b'2,"')
    fails(declare(tmp_path), DeliveryBroken)
    (tmp_path / "b.csv").write_bytes(repaired)
    delivery, pages = run(declare(tmp_path))
    assert pages == [good, repaired]
    assert delivery.cursor_after.split("\n") == sorted([sha(good), sha(repaired)])


def test_a_column_under_another_name_is_drift(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"Mã số hồ sơ,Kênh thực hiện\na,{MARK}\n", encoding="utf-8")
    source = declare(tmp_path, dialect="sftp_files")
    assert "Mã hồ sơ" in drift(source, run(source)[1])


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
        nation = str(tmp_path / "nation" / "drop" / "tha_tep")
        assert nation in fails(declare("{nation_folder}"), SourceUnavailable)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def note(beside: Path, **says: Any) -> None:
    usual = {
        "delivered_on": dt.date(2026, 11, 20),
        "delivered_by": "Văn thư Sở Nội vụ",
        "reason": "Hệ thống nguồn tạm dừng",
    }
    text = "".join(f"{name}: {value}\n" for name, value in (usual | says).items())
    beside.with_name(f"{beside.name}.provenance.yml").write_text(text, encoding="utf-8")


def test_provenance_goes_into_the_manifest_with_every_page(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n2,y\n3,z\n")
    note(tmp_path / "a.csv")
    delivery, _ = run(declare(tmp_path))
    for page in delivery.landed:
        said = parse_qs(page.request.partition("#")[2])
        assert said["delivered_on"] == ["2026-11-20"]
        assert said["delivered_by"] == ["Văn thư Sở Nội vụ"]
        assert said["reason"] == ["Hệ thống nguồn tạm dừng"]
    assert delivery.pages == 2


def test_a_file_delivered_after_the_night_waits_for_a_later_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n")
    note(tmp_path / "a.csv", delivered_on=dt.date(2026, 11, 23))
    assert run(declare(tmp_path))[0].pages == 0
    note(tmp_path / "a.csv", delivered_on=dt.date(2026, 11, 22))
    assert run(declare(tmp_path))[0].pages == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": MARK},
        {"delivered_by": '""'},
        {"delivered_on": MARK},
        {"reason": f"[{MARK}"},
    ],
)
def test_a_wrong_note_holds_the_delivery(tmp_path: Path, wrong: dict[str, str]) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER + b"1,x\n")
    note(tmp_path / "a.csv", **wrong)
    problem = fails(declare(tmp_path), DeliveryBroken)
    assert problem.startswith("a.csv.provenance.yml does not state delivered_on")


def test_workbooks_archives_and_other_encodings_lie_beside_each_other(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "day"])
        sheet.write_row(1, 0, ["1", "x"])
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("in.csv", HEADER + b"2,y\n")
    (tmp_path / "c.CSV").write_bytes(HEADER + "3,Đang xem".encode("windows-1258"))
    source = declare(tmp_path, encoding="windows-1258")
    delivery, pages = run(source)
    assert [row["code"] for row in rows_of(source, pages)] == ["1", "2", "3"]
    assert rows_of(source, pages)[2]["day"] == "Đang xem"
    assert pages[0] == (tmp_path / "a.xlsx").read_bytes()
    assert delivery.pages == 3
