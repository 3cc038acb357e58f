"""What the soap platform reads out of a page: exactly what the JSON of the contract would say."""

from __future__ import annotations

from typing import Any

import pytest

from extractors import read
from tests.extractors.conftest import Declare
from tests.extractors.soap.conftest import OURS, envelope, page

NIL = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"'


def rows(declare: Declare, listed: str) -> list[Any]:
    return list(read(declare(), "dossier", envelope(page(listed)).encode()))


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        ("<MaHoSo>1</MaHoSo><GhiChu/>", {"MaHoSo": "1", "GhiChu": ""}),
        ("<MaHoSo> a\n b </MaHoSo>", {"MaHoSo": " a\n b "}),
        ("<MaHoSo>a<!-- ? -->&lt;<![CDATA[<b>&]]></MaHoSo>", {"MaHoSo": "a<<b>&"}),
        (f"<NgayHenTra {NIL}/>", {"NgayHenTra": None}),
        ("", {}),
        ("<MaHoSo>1</MaHoSo>", {"MaHoSo": "1"}),
        ("<DanhSachLePhi/>", {"DanhSachLePhi": []}),
        ("<DanhSachLePhi>\n </DanhSachLePhi>", {"DanhSachLePhi": []}),
        (
            "<TaiLieuNop><Muc><A>1</A></Muc><Muc><A>2</A><B/></Muc></TaiLieuNop>",
            {"TaiLieuNop": [{"A": "1"}, {"A": "2", "B": ""}]},
        ),
        ("<TaiLieuNop><Muc/></TaiLieuNop>", {"TaiLieuNop": [{}]}),
        (
            "<DanhSachHoSoBoSung><Muc><DanhSachLePhiBoSung><Muc><Gia>0</Gia></Muc>"
            "</DanhSachLePhiBoSung></Muc></DanhSachHoSoBoSung>",
            {"DanhSachHoSoBoSung": [{"DanhSachLePhiBoSung": [{"Gia": "0"}]}]},
        ),
        ("<CotMoi><Muc><A>1</A></Muc></CotMoi>", {"CotMoi": [{"A": "1"}]}),
        ('<k:MaHoSo xmlns:k="urn:khac">1</k:MaHoSo>', {"{urn:khac}MaHoSo": "1"}),
        ("<Dong><MaHoSo>1</MaHoSo></Dong>", {"Dong": {"MaHoSo": "1"}}),
    ],
)
def test_a_row_is_read_as_it_stands(declare: Declare, cells: str, row: dict[str, Any]) -> None:
    assert rows(declare, f"<Dong>{cells}</Dong>") == [row]


@pytest.mark.parametrize(
    ("cells", "pairs"),
    [
        ("<A>1</A><A>2</A>", [["", ""], ["A", "1"], ["A", "2"]]),
        ("x<A>1</A> y", [["", "x y"], ["A", "1"]]),
        ("<L>x<Muc/></L>", {"L": [["", "x"], ["Muc", ""]]}),
        ("<L><Muc/><M/><Muc/></L>", {"L": [["", ""], ["Muc", ""], ["M", ""], ["Muc", ""]]}),
    ],
)
def test_what_is_no_row_loses_nothing_and_is_handed_on_for_rejection(
    declare: Declare, cells: str, pairs: Any
) -> None:
    assert rows(declare, f"<Dong>{cells}</Dong>") == [pairs]


def test_rows_are_read_one_by_one_across_many_chunks(declare: Declare) -> None:
    listed = "".join(f"<Dong><MaHoSo>{n}</MaHoSo></Dong>\n" for n in range(20_000))
    assert [int(row["MaHoSo"]) for row in rows(declare, listed)] == list(range(20_000))


def test_a_byte_order_mark_and_other_prefixes_change_nothing(declare: Declare) -> None:
    text = envelope(page("<Dong><MaHoSo>ộ</MaHoSo></Dong>"))
    text = text.replace("e:", "soapenv:").replace("xmlns:e=", "xmlns:soapenv=")
    [row] = read(declare(), "dossier", b"\xef\xbb\xbf" + text.encode())
    assert row == {"MaHoSo": "ộ"}


def test_only_what_stands_in_the_list_of_the_body_is_a_row(declare: Declare) -> None:
    inner = "<DanhSach><Dong><A>1</A></Dong></DanhSach>"
    text = envelope(page(f"<Dong><L>{inner}</L></Dong>"))
    text = text.replace("<e:Header>", f'<e:Header><h xmlns="{OURS}">{inner}</h>')
    assert list(read(declare(), "dossier", text.encode())) == [
        {"L": {"DanhSach": {"Dong": {"A": "1"}}}}
    ]
