"""What people may write freely: short, and nothing that may name or reach a person."""

from __future__ import annotations

import unicodedata

LONGEST_BY, LONGEST_NOTE = 100, 500
MOST_DIGITS = 8
"""So many in a row may be written: nine and more may be a telephone, an identity or a dossier."""
PARTS_NOTHING = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Ps", "Pe", "Mn"}
"""Spaces, dashes, brackets and what is not seen: a number goes on behind them."""


def problem(by: str, note: str) -> tuple[str, str] | None:
    """Why an answer of `by` with that `note` is not taken, in English and in Vietnamese."""
    if len(by) > LONGEST_BY or len(note) > LONGEST_NOTE:
        limits_vi = f"Tên người trả lời dài nhất {LONGEST_BY} ký tự, ghi chú {LONGEST_NOTE} ký tự."
        return f"at most {LONGEST_BY} characters of who and {LONGEST_NOTE} of why", limits_vi
    if is_personal(by) or is_personal(note):
        return (
            "personal data: a mail address, or nine digits in a row",
            "Không ghi dữ liệu cá nhân: địa chỉ thư, hoặc dãy từ chín chữ số như số điện thoại, "
            "số giấy tờ, mã hồ sơ đầy đủ.",
        )
    return None


def is_personal(text: str) -> bool:
    """Whether there is the sign of a mail address in it, or a number that is too long."""
    digits = 0
    for c in unicodedata.normalize("NFKC", text):
        if c.isdigit():
            digits += 1
        elif c != "." and unicodedata.category(c) not in PARTS_NOTHING:
            digits = 0
        if c == "@" or digits > MOST_DIGITS:
            return True
    return False
