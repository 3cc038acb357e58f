"""Bytes of a file to text, in the encoding that the source file declares; never sniffed.

The two encodings from before Unicode are read strictly: a byte that they do not have is an error.
What TCVN3 cannot say (capital vowels with a tone) stays as its fonts write it, in small letters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from catalog.alphabet import letters
from extractors.files.vietnamese import TONES

ENCODINGS = ("utf-8", "windows-1258", "tcvn3", "vni")
UNASSIGNED = "\ufffe"
"""What the charmap decoder takes for "no such byte"."""


def decode(content: bytes, encoding: str) -> str:
    """The text, composed (NFC). Raises UnicodeDecodeError, whose object holds the content."""
    if content.isascii():
        return content.decode("ascii")
    if encoding == "tcvn3":
        return codecs.charmap_decode(content, "strict", _tcvn3())[0]
    if encoding == "vni":
        return _vni(content)
    return unicodedata.normalize("NFC", content.decode(encoding))


def decode_font(text: str, encoding: str) -> str:
    """The text of a workbook's cell. Workbooks are Unicode; one written with a font of an older
    encoding holds, for each byte, the Western character of that byte. Raises UnicodeError."""
    if encoding in ("tcvn3", "vni") and not text.isascii():
        return decode(text.encode("windows-1252"), encoding)
    return unicodedata.normalize("NFC", text)


def reread(text: str, declared: str, other: str) -> str:
    """What was read as `declared`, as it reads in `other`. Unicode may have been typed in a font of
    an older encoding: its characters are then Western. Raises UnicodeError."""
    return decode(_encoded(text, declared), other)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-8":
        return text.encode("windows-1252")
    if encoding == "windows-1258":
        return b"".join(map(_windows_1258, text))
    table = letters("tcvn3" if encoding == "tcvn3" else "vni")
    return b"".join(table.get(letter) or letter.encode("windows-1252") for letter in text)


def _windows_1258(letter: str) -> bytes:
    """Letters that this encoding lacks are written with the tone behind them."""
    try:
        return letter.encode("windows-1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
        return (base + "".join(m for m in marks if m in TONES)).encode("windows-1258")


@cache
def _tcvn3() -> str:
    """The character of each byte. Below A0 the ABC fonts keep the dashes and quotation marks of
    windows-1252, where the standard has control characters."""
    western = bytes(range(0xA1)).decode("windows-1252", "surrogateescape")
    table = [UNASSIGNED if "\ud800" <= c <= "\udfff" else c for c in western]
    table += [UNASSIGNED] * (256 - len(table))
    for letter, code in reversed(letters("tcvn3").items()):
        table[code[0]] = letter
    return "".join(table)


@cache
def _vni_table() -> tuple[dict[str, str], re.Pattern[str]]:
    table: dict[str, str] = {}
    for letter, code in letters("vni").items():
        pair = code.decode("latin-1")
        table[pair] = letter
        table[pair[0] + pair[1:].swapcase()] = letter  # a capital typed with a small mark
    bases = "".join({pair[0] for pair in table})
    marks = "".join({pair[1] for pair in table if len(pair) == 2})
    return table, re.compile(f"[{bases}][{marks}]|[\xc0-\xff]")


def _vni(content: bytes) -> str:
    """Below C0, where VNI has no letters, stand the dashes and signs of windows-1252."""
    table, pattern = _vni_table()
    western = content.decode("windows-1252")

    def letter(found: re.Match[str]) -> str:
        if found[0] not in table:
            raise UnicodeDecodeError("vni", content, found.start(), found.end(), "no letter")
        return table[found[0]]

    return pattern.sub(letter, western)
