"""What SHA256SUMS says of a release's files, and what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"


def stated(folder: Path) -> dict[str, str]:
    """File -> hash, as the release says."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def found(folder: Path) -> dict[str, str]:
    """File -> hash, as it lies there."""
    files = (file for file in folder.iterdir() if file.name != SUMS)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def spoilt(folder: Path) -> list[str]:
    """The files that are not what the release says, are gone, or are not its own."""
    if not (folder / SUMS).is_file():
        return [SUMS]
    said, lying = stated(folder), found(folder)
    return [name for name in sorted({*said, *lying}) if said.get(name) != lying.get(name)]
