"""Whether a file is what its declared encoding says: taken, or held where it cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.errors import DeliveryBroken
from extractors import Delivery
from extractors.files.encodings import decode
from extractors.files.vietnamese import Reading, is_syllable
from tests.extractors import dropping
from tests.extractors.old_encodings import ENCODINGS, PROSE, written


@pytest.mark.parametrize(
    "word", ["ngoằn", "khuỷu", "NộI", "MãHồSơ", "hoà", "hòa", "Ỷ", "quỹ", "giếng"]
)
def test_what_is_a_syllable(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["s¬", "Ã¡", "häö", "chaøo", "ñaõ", "Müller", "ắắ"])
def test_what_is_none(word: str) -> None:
    assert not is_syllable(word)


HEADER = "Mã hồ sơ,Kênh thực hiện,Trạng thái,Chủ hồ sơ\n"
LONG = HEADER + "".join(
    f"H26-{n},{channel},{status},{name}\n"
    for n, (channel, status, name) in enumerate(
        [
            ("Trực tuyến", "Đã trả kết quả", "Nguyễn Văn Giả Định"),
            ("Trực tiếp", "Đang xử lý", "Y Thử Niê Kdăm"),
            ("Bưu chính công ích", "Yêu cầu bổ sung giấy tờ", "Trần Thị Tưởng Tượng"),
            ("", "Dừng xử lý", "Kpă Mẫu"),
        ]
        * 30
    )
)
SHORT = "MaHoSo,TrangThai\n1,Đã xử lý xong\n2,Đang xử lý\n"
CAPITALS = "MÃ HỒ SƠ,TRẠNG THÁI\n1,ĐÃ XỬ LÝ XONG\n2,ĐANG XỬ LÝ\n"


def run(folder: Path, content: bytes, **changes: Any) -> Delivery:
    (folder / "a.csv").write_bytes(content)
    return dropping.run(dropping.declare(folder, **{"page_size": 1000, **changes}))[0]


@pytest.mark.parametrize("text", [LONG, SHORT, CAPITALS], ids=["long", "short", "capitals"])
@pytest.mark.parametrize("declared", ENCODINGS)
@pytest.mark.parametrize("actual", ENCODINGS)
def test_a_file_is_taken_in_its_encoding_and_held_in_any_other(
    tmp_path: Path, text: str, actual: str, declared: str
) -> None:
    content = written(text, actual)
    if actual == declared:
        assert run(tmp_path, content, encoding=declared).rows == text.count("\n") - 1
        return
    with pytest.raises(DeliveryBroken) as caught:
        run(tmp_path, content, encoding=declared)
    assert "is not" in caught.value.problem or "does not read as" in caught.value.problem


MIXES = {
    "one word": "MaHoSo,TrangThai\nH26.01-261102-0001,Đã trả\n",
    "one row": "MaHoSo,TenTTHC,TrangThai\n1,Đăng ký khai sinh,9\n",
    "few letters": "code,status,office\n1,xong,UBND xã Tam Anh\n2,xong,UBND xã An Sinh\n",
    "capital names": "ma,ten\n1,NGUYỄN VĂN AN\n2,TRẦN THỊ BÌNH\n3,LÊ HOÀNG ĐỨC\n",
    "one capital name": "ma,ten\n1,NGUYỄN VĂN AN\n",
    "capitals without a tone": "ma,don_vi\n1,TRUNG TÂM ĐĂNG KÝ\n",
    "codes and dates under a header": "Mã hồ sơ,Ngày hẹn trả\nH26.01-261102-0001,05/11/2026\n",
    "one word in the header": "Mã HS,NgayTiepNhan\nH26.01,20261102080000\n",
    "one note in many rows": "ma,kenh,ghi_chu\n" + "X,1,\n" * 200 + "X,2,đã nhận đủ\n",
    "names of the minorities": "ma,ten\n1,Y Thử Niê Kdăm\n2,Kpă Mẫu\n3,Rơ Châm Thử\n",
}
"""Realistic files with few Vietnamese letters, each taken in its encoding and held in others."""


@pytest.mark.parametrize("name", MIXES)
@pytest.mark.parametrize("actual", ENCODINGS)
def test_a_file_of_few_letters_is_taken_in_its_encoding_and_held_in_any_other(
    tmp_path: Path, name: str, actual: str
) -> None:
    content = written(MIXES[name], actual)
    assert run(tmp_path, content, encoding=actual).rows == MIXES[name].count("\n") - 1
    for declared in ENCODINGS:
        if written(MIXES[name], declared) != content:
            with pytest.raises(DeliveryBroken):
                run(tmp_path, content, encoding=declared)


FOREIGN = ["Müller", "José", "Señor", "café", "naïve", "Škoda", "Łódź", "Kpă", "Blơ", "Krông Năng"]
SIGNS = ["NĐ-CP", "50.000đ", "30°C", "5 · 6", "§ 5", "«x»", "Ê Đê", "½"]


def can_say(encoding: str, word: str) -> bool:
    try:
        return bool(decode(written(word, encoding), encoding))
    except UnicodeError:
        return False


SAID = [(e, w) for e in ENCODINGS for w in FOREIGN + SIGNS if can_say(e, w)]


@pytest.mark.parametrize(("encoding", "word"), SAID)
def test_one_foreign_word_or_sign_holds_nothing(tmp_path: Path, encoding: str, word: str) -> None:
    content = written(f"code,name\n1,{word}\n", encoding)
    assert run(tmp_path, content, encoding=encoding).rows == 1


def test_a_strange_word_holds_nothing_where_another_encoding_does_not_have_it_either(
    tmp_path: Path,
) -> None:
    rows = "1,ông\n" * 30
    for text in (f"code,who\n{rows}2,Kpă\n", f"code,who\n2,Kpă\n{rows}"):
        content = written(text, "windows-1258")
        assert run(tmp_path, content, encoding="windows-1258").rows == 31


def test_one_row_of_another_encoding_among_many_holds_nothing(tmp_path: Path) -> None:
    content = written(LONG, "windows-1258") + written("9,x,y,Đã trả\n", "tcvn3")
    assert run(tmp_path, content, encoding="windows-1258").rows == 121


def test_a_word_that_two_encodings_both_have_cannot_be_told(tmp_path: Path) -> None:
    """The byte F4 is ô in windows-1258 and ụ in TCVN3: both are words."""
    content = written("code,who\n1,ông\n", "windows-1258")
    assert decode(content, "tcvn3").endswith("1,ụng\n")
    assert run(tmp_path, content, encoding="windows-1258").rows == 1
    assert run(tmp_path, content, encoding="tcvn3").rows == 1


@pytest.mark.parametrize("typed", ["tcvn3", "vni"])
@pytest.mark.parametrize("text", [LONG, SHORT, MIXES["one row"]], ids=["long", "short", "one row"])
def test_a_workbook_typed_in_an_old_font_and_saved_as_unicode_is_held(
    tmp_path: Path, typed: str, text: str
) -> None:
    content = written(text, typed).decode("windows-1252").encode()
    with pytest.raises(DeliveryBroken, match="does not read as Vietnamese in utf-8"):
        run(tmp_path, content)


@pytest.mark.parametrize("first", ENCODINGS)
@pytest.mark.parametrize("second", ENCODINGS)
def test_a_file_put_together_of_two_encodings_is_held_in_either(
    tmp_path: Path, first: str, second: str
) -> None:
    rows = LONG.removeprefix(HEADER)
    content = written(HEADER + rows, first) + written(rows, second)
    if first == second:
        assert run(tmp_path, content, encoding=first).rows == 240
        return
    for declared in (first, second):
        with pytest.raises(DeliveryBroken):
            run(tmp_path, content, encoding=declared)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_of_ascii_alone_is_never_held(tmp_path: Path, encoding: str) -> None:
    assert run(tmp_path, b"code,name\n1,Muller\n2,x~|`\n", encoding=encoding).rows == 2


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_one_foreign_name_holds_nothing(tmp_path: Path, encoding: str) -> None:
    assert run(
        tmp_path, b"code,name\n1,M" + written("ê", encoding) + b"ller\n", encoding=encoding
    ).rows


def test_one_stray_control_character_holds_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, b"a,b\n1,x\x0by\n2,z\n").rows == 2
    assert run(tmp_path, "Mã,Tên\n1,Trần Nguy\ufffdn\n".encode()).rows == 1


def test_utf_16_is_held(tmp_path: Path) -> None:
    with pytest.raises(DeliveryBroken):
        run(tmp_path, SHORT.encode("utf-16"))
    with pytest.raises(DeliveryBroken, match="does not read as Vietnamese"):
        run(tmp_path, "a,b\n1,2\n".encode("utf-16-le"))


def test_text_that_was_encoded_twice_is_held(tmp_path: Path) -> None:
    with pytest.raises(DeliveryBroken, match="does not read as Vietnamese"):
        run(tmp_path, SHORT.encode().decode("latin-1").encode())


def test_a_page_that_changes_its_encoding_in_the_middle_is_held(tmp_path: Path) -> None:
    rows = LONG.removeprefix(HEADER)
    content = written(HEADER + rows, "windows-1258") + written(rows, "tcvn3")
    with pytest.raises(DeliveryBroken, match="does not read as Vietnamese"):
        run(tmp_path, content, encoding="windows-1258", page_size=60)


def test_prose_reads_as_vietnamese_but_for_its_place_names() -> None:
    reading = Reading.of(PROSE.splitlines())
    assert reading.known > 250
    assert reading.strange == 0


def test_a_very_long_word_is_strange_and_costs_no_more_than_its_length() -> None:
    reading = Reading.of(["x" * 5_000_000, "đã", "đ" * 5_000_000])
    assert (reading.known, reading.strange) == (1, 1)
