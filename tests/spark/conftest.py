"""A Spark with two executor processes on loopback, and a lake of two nights for it to read."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import Record, stored_records
from catalog.sources import Source
from extractors import read
from simulator import Nation
from simulator.file_rows import COLUMNS, cells
from simulator.files import written
from simulator.nation import local
from transforms.conform import conform
from warehouse.lake import Lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OPENS_ON = dt.date(2026, 9, 20)
NIGHTS = [dt.date(2026, 11, 17), dt.date(2026, 11, 18), dt.date(2026, 11, 19)]
SPOKEN = {"platform": "lgsp_json", "dialect": "lgsp_json", "mapping": {}}
"""The canonical words: how the nation writes the rows of those who handle dossiers."""


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    pytest.importorskip("pyspark", reason="pyspark is not installed: make test-spark does it")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a JDK")
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="localhost")
    from transforms.indicators.on_spark import session

    opened = session("local-cluster[2,1,1024]")
    yield opened
    opened.stop()


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Three nights of the nation, the first folded into the snapshot."""
    folder = tmp_path_factory.mktemp("spark")
    nation, lake = Nation(OPENS_ON, dossiers=6_000), Lake(folder / "lake", "1GB")
    since = OPENS_ON
    for on in NIGHTS:
        for record in stored_records().values():
            lake.merge(record, Night(on), _batches(nation, record, since, on, folder))
            if on == NIGHTS[1]:
                lake.compact(record)
        since = on + dt.timedelta(days=1)
    return lake


def _batches(
    nation: Nation, record: Record, since: dt.date, on: dt.date, folder: Path
) -> dict[str, Path]:
    night, found = Night(on), {}
    for source in nation.sources.values():
        if record.kind not in source.records:
            continue
        if source.source_id in nation.habits:
            source = source.model_copy(update=SPOKEN)
        first = dt.datetime.combine(since, dt.time())
        items = nation.window(source.source_id, record.kind, first, local(night.cutoff))
        rows = _rows(source, record.kind, [item.row() for item in items])
        done = conform(source, record, night, [("0" * 64, rows)], b"key")
        batch_id = night.batch_id(source.source_id, record.kind)
        found[batch_id] = folder / f"{batch_id}.parquet"
        known = pc.field(record.month_of).is_valid() & pc.field("version_at").is_valid()
        pq.write_table(done.table.filter(known), found[batch_id])
    return found


def _rows(source: Source, kind: str, canonical: list[dict[str, Any]]) -> Iterable[Any]:
    """The rows in the source's words: post is told in files, figures on a form, all else as it
    is."""
    if kind == "reported_figure":
        return [_line(row) for row in canonical]
    if kind != "postal_item":
        return canonical
    table = [[*COLUMNS[kind]], *(cells(kind, row) for row in canonical)]
    return read(source, kind, written(source, kind, table))


def _line(row: dict[str, Any]) -> dict[str, str]:
    is_score = "," in row["TuSo"]
    at = dt.datetime.strptime(row["NgayCapNhat"], "%Y%m%d%H%M%S")
    return {
        "Mã số liệu": row["MaSoLieu"],
        "Mã đơn vị": row["MaDonVi"],
        "Kỳ": row["Ky"],
        "Giá trị": "" if is_score else row["TuSo"],
        "Trên tổng số": row["MauSo"],
        "Điểm": row["TuSo"] if is_score else "",
        "Ngày cập nhật": f"{at:%d/%m/%Y %H:%M:%S}",
    }
