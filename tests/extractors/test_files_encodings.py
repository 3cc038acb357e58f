"""The encodings from before Unicode against other people's converters."""

from __future__ import annotations

import csv
import subprocess

import pytest

from catalog.alphabet import letters
from extractors.files.encodings import decode, decode_font
from tests.extractors.old_encodings import ALPHABET, CORPUS, PROSE, as_abc_fonts, composed, written


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
