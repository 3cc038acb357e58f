"""A process that dies at a named step: ``python -m tests.lake.dying FOLDER STEP ACTION``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.lake.model import DOSSIER, Nights, Version, night, write_batches
from warehouse.lake import Lake

NIGHTS: Nights = {
    number: [Version(key, at=number, content=100 * number + key) for key in range(number, 40, 2)]
    for number in range(1, 5)
}
CORRECTED = [Version(key, at=3, content=300 + key, received=2) for key in range(20)]


def merge(lake: Lake, number: int, nights: Nights = NIGHTS) -> None:
    batches = write_batches(lake.folder.parent / "in", number, nights[number])
    lake.merge(DOSSIER, night(number), batches)


def prepare(lake: Lake) -> None:
    """Three nights, the first two folded into the snapshot."""
    for number in (1, 2, 3):
        merge(lake, number)
    lake.compact(DOSSIER)


ACTIONS: dict[str, Callable[[Lake], None]] = {
    "next": lambda lake: merge(lake, 4),
    "correct": lambda lake: merge(lake, 1, {1: CORRECTED}),
    "compact": lambda lake: lake.compact(DOSSIER),
}


def main(folder: Path, step: str, action: str) -> None:
    lake = Lake(folder, "200MB")

    def die(reached: str) -> None:
        if reached == step:
            os._exit(9)

    lake.reached = die
    ACTIONS[action](lake)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
