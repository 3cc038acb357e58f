"""What was counted is not counted again: a question whose records, rules and days are the same has
the same answer."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


class Remembered:
    """Counts by the meaning of their question, as files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def recall(self, meaning: str) -> pa.Table | None:
        self.used.add(meaning)
        file = self._file(meaning)
        return pq.read_table(file, partitioning=None) if file.exists() else None

    def remember(self, meaning: str, counts: pa.Table) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".{meaning}.{os.getpid()}"
        pq.write_table(counts, aside)
        aside.replace(self._file(meaning))

    def forget_others(self) -> None:
        """Keeps only what was asked for since this was opened."""
        for file in self.folder.glob("*.parquet"):
            if file.stem not in self.used:
                file.unlink()

    def _file(self, meaning: str) -> Path:
        return self.folder / f"{meaning}.parquet"
