"""Tables as files: Parquet for programs, CSV that spreadsheet programs read as UTF-8."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Write ``<name>.parquet`` and ``<name>.csv``, as the tables of a release are written."""
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    write_csv(folder / f"{name}.csv", table, BYTE_ORDER_MARK)


def write_csv(path: Path, table: pa.Table, before: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(before)
        pa_csv.write_csv(table, file)
