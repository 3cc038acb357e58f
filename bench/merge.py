"""A week of nights merged by the lake and by pandas, each night in a process of its own.

``python -m bench.merge [--rows 1000000] [--changes 30000] [--without-pandas]``

Both start from the same base and read the same files of each night. After the first night, and
again after the last, both must hold the same current state, or nothing is reported. The first
night is not timed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measurement import Cost, cheapest, run_module
from catalog.records import records

NIGHTS = 6
MEMORY_LIMIT = "600MB"
FLAGS = 40
RECORD = records()["dossier"]

Contestant = Callable[[Path, int], None]


def merge_in_lake(folder: Path, number: int) -> None:
    """Merge one night's files."""
    from bench import data
    from warehouse.lake import Lake

    batches = data.batches(folder / f"night{number}", RECORD, number)
    Lake(folder / "lake", MEMORY_LIMIT).merge(RECORD, data.night(number), batches)


def compact_lake(folder: Path, number: int) -> None:
    """Fold all nights but the newest."""
    from warehouse.lake import Lake

    Lake(folder / "lake", MEMORY_LIMIT).compact(RECORD)


def merge_in_pandas(folder: Path, number: int) -> None:
    """Concat, keep the newest version of each key, write; text as pandas 3 reads it."""
    import pandas as pd

    _merge_frames(folder, number, lambda path: pd.read_parquet(path))


def merge_in_pandas_arrow(folder: Path, number: int) -> None:
    """The same with every column in Arrow's types."""
    import pandas as pd

    _merge_frames(folder, number, lambda path: pd.read_parquet(path, dtype_backend="pyarrow"))


def _merge_frames(folder: Path, number: int, read: Callable[[Path | list[Path]], object]) -> None:
    import pandas as pd

    base = folder / ("base.parquet" if number == 1 else f"pandas{number - 1}.parquet")
    night = sorted((folder / f"night{number}").glob("*/*.parquet"))
    merged = pd.concat([read(base), read(night)], ignore_index=True)
    merged = merged.sort_values("version_at").drop_duplicates("key_hash", keep="last")
    merged.to_parquet(folder / f"pandas{number}.parquet", compression="zstd", index=False)


def count_current(folder: Path, number: int) -> None:
    """Forty counts over the lake's current state, log and all."""
    from warehouse.lake import Lake

    _count(Lake(folder / "lake", MEMORY_LIMIT).current(RECORD))


def count_compacted(folder: Path, number: int) -> None:
    """The same counts over one file that holds the same rows."""
    _count(f"'{folder}/compacted.parquet'")
