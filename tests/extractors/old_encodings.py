"""Text as sources write it in each encoding, and the page of prose of the corpus."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from catalog.alphabet import letters

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
