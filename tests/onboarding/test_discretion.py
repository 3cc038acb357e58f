"""What of a cell may be shown: never what could be about someone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources import sources
from pipeline.discretion import Discretion, shape

FEED = Discretion(sources()["ha_noi"], "dossier")


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        ("KenhThucHien", "4", "4"),
        ("KenhThucHien", "qua mạng", "qua mạng"),
        ("KenhThucHien", "0912345678", "9999999999"),
        ("KenhThucHien", "x" * 25, "a" * 20 + "…"),
        ("NgayHenTra", "2026-13-01", "2026-13-01"),
        ("NgayHenTra", "20261301000000", "99999999999999"),
        ("NgayHenTra", "Nguyễn A", "Aaaaaa A"),
        ("ChuHoSo", "Nguyễn Văn A", "Aaaaaa Aaa A"),
        ("TenTTHC", "Huế 57", "Aaa 99"),
        ("MaHoSo", "12-3", "99-9"),
        ("SoGiayToChuHoSo", "12-3", "99-9"),
        ("không khai báo", "Huế 57", "Aaa 99"),
        ("KenhThucHien", "", ""),
        ("KenhThucHien", None, ""),
        ("DanhSachLePhi", [{"Gia": "1"}], "(list)"),
    ],
)
def test_only_short_codes_times_and_numbers_are_shown(column: str, cell: Any, shown: str) -> None:
    assert FEED.shown({column: cell}, column) == shown


def test_several_columns_are_shown_one_by_one() -> None:
    row = {"KenhThucHien": "4", "ChuHoSo": "Nguyễn"}
    assert FEED.shown(row, "KenhThucHien+ChuHoSo") == "4 + Aaaaaa"
    assert FEED.shown(["a", "b"], "KenhThucHien") == ""


@given(st.text(max_size=40))
def test_a_shape_holds_no_letter_and_no_digit_of_the_cell(text: str) -> None:
    drawn = shape(text)
    assert {c for c in drawn if c.isalnum()} <= {"A", "a", "9"}
    assert len(drawn) <= 21
