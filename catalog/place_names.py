"""Names of places as people write them: where the tone mark stands is no difference."""

from __future__ import annotations

import unicodedata

OLD_STYLE = dict(
    zip(
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        strict=True,
    )
)
"""The later way of placing the tone of an open syllable, and the earlier one."""


def normalised(name: str) -> str:
    """The name for comparing: composed letters, small, single spaces, tones placed one way
    (Hoà Bình and Hòa Bình are one place)."""
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for new, old in OLD_STYLE.items():
        text = text.replace(new, old)
    return text
