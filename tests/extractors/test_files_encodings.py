"""The encodings from before Unicode against other people's converters, and wrong declarations."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from catalog.alphabet import letters
from catalog.errors import DeliveryBroken
from catalog.night import Night
from catalog.sources import Source
from extractors import Delivery, collect
from extractors.files.encodings import decode, decode_font
from extractors.files.vietnamese import Reading, is_syllable

CORPUS = Path(__file__).parent / "corpus"
PROSE = (CORPUS / "prose.txt").read_text(encoding="utf-8")
ENCODINGS = ("utf-8", "windows-1258", "tcvn3", "vni")
TONES = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
CAPITALS_OF_TCVN3 = set("ĂÂĐÊÔƠƯ")


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


ALPHABET = {composed(vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES} | {"đ"}
ALPHABET = {letter for letter in ALPHABET | {c.upper() for c in ALPHABET} if not letter.isascii()}


def as_abc_fonts(text: str) -> str:
    """Capital vowels with a tone in small, which a capital font shows as capitals."""
    toned = ALPHABET - CAPITALS_OF_TCVN3
    return "".join(c.lower() if c in toned else c for c in text)


def written(text: str, encoding: str) -> bytes:
    """The text as a source writes it."""
    if encoding == "utf-8":
        return text.encode()
    if encoding == "windows-1258":
        return b"".join(_windows_1258(letter) for letter in text)
    table = letters("tcvn3" if encoding == "tcvn3" else "vni")
    return b"".join(table.get(c) or c.encode("windows-1252") for c in text)


def _windows_1258(letter: str) -> bytes:
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in marks if mark in TONES[1:])
    base = composed("".join(mark for mark in marks if mark not in TONES[1:]))
    return (base + tones).encode("windows-1258")


def iconv(content: bytes) -> str:
    command = ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"]
    return composed(
        subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    )


def test_the_alphabet_is_whole() -> None:
    assert len(ALPHABET) == 134
    assert set(letters("tcvn3")) == set(letters("vni")) == ALPHABET


@pytest.mark.parametrize("letter", sorted(ALPHABET))
def test_each_letter_of_tcvn3_is_what_iconv_reads(letter: str) -> None:
    content = letters("tcvn3")[letter]
    assert decode(content, "tcvn3") == iconv(content) == as_abc_fonts(letter)


def test_prose_in_tcvn3_is_what_iconv_reads() -> None:
    content = written(PROSE, "tcvn3")
    assert decode(content, "tcvn3") == iconv(content) == as_abc_fonts(PROSE)


def test_each_letter_of_vni_is_what_other_converters_write() -> None:
    doubtful = set()
    with (CORPUS / "vni_letters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            others = [bytes.fromhex(row[c]) for c in ("recode", "vietnamese_conversion")]
            assert letters("vni")[row["letter"]] in others
            assert decode(letters("vni")[row["letter"]], "vni") == row["letter"]
            if others[0] != others[1]:
                doubtful.add(row["letter"])
    assert doubtful == set("ẮẰỷỹỶỸ")


def test_prose_in_vni_is_read_as_recode_wrote_it() -> None:
    assert decode((CORPUS / "prose.vni").read_bytes(), "vni") == PROSE


def test_prose_in_windows_1258_is_composed() -> None:
    assert decode(written(PROSE, "windows-1258"), "windows-1258") == PROSE


def test_a_capital_of_vni_may_carry_a_small_mark() -> None:
    assert decode("AÛnh, Aûnh".encode("windows-1252"), "vni") == "Ảnh, Ảnh"


@pytest.mark.parametrize("byte", [0xAF, 0xB0, 0xC3, 0xFF])
def test_a_byte_that_tcvn3_does_not_have_is_an_error(byte: int) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(bytes([byte]), "tcvn3")


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_the_text_of_a_workbook_written_with_an_old_font_is_read(encoding: str) -> None:
    western = written("Đã trả kết quả – “xong”", encoding).decode("windows-1252")
    assert decode_font(western, encoding) == "Đã trả kết quả – “xong”"


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
    usual = {
        "source_id": "tha_tep",
        "name_vi": "Thả tệp",
        "area": "X-TEST",
        "platform": "manual_drop",
        "folder": str(folder),
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
    }
    source = Source.model_validate(usual | changes)
    night = Night(dt.date(2026, 11, 22))
    return collect(source, "dossier", night, "", lambda page: hashlib.sha256(page).hexdigest())


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
