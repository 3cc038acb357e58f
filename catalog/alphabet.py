"""The Vietnamese letters beyond ASCII, and their bytes in the encodings from before Unicode.

``alphabet.csv`` has one line a letter, small letters first. `tcvn3` is TCVN 5712:1993 VN3, which
the ABC fonts use: it has no capital vowels with a tone, for a capital font shows the small one
in their place. A small letter is therefore what such a file holds. `vni` is VNI for Windows: a
base letter and a byte for its marks, or one byte.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal

Legacy = Literal["tcvn3", "vni"]


@cache
def letters(encoding: Legacy) -> dict[str, bytes]:
    """Letter (NFC) -> its bytes, small letters first."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["letter"]: bytes.fromhex(row[encoding]) for row in csv.DictReader(file)}
