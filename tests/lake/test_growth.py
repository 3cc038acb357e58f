"""A record kind gets a field after nights were merged without it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from catalog.records import Field, Record
from tests.lake.model import DOSSIER, Version, night, write_batches
from warehouse.lake import Lake

WIDER = DOSSIER.model_copy(
    update={
        "fields": {
            **DOSSIER.fields,
            "is_certified": Field(type="boolean", name_vi="Chứng thực", about="A later idea."),
        }
    }
)


def rows(lake: Lake, record: Record, what: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.sql(
            f"SELECT {what} FROM {lake.current(record)} ORDER BY dossier_code"
        ).fetchall()


def merge_wider(lake: Lake, folder: Path, number: int, versions: list[Version]) -> None:
    batches = write_batches(folder, number, versions)
    for path in batches.values():
        table = pq.read_table(path, partitioning=None)
        known = [True] * table.num_rows
        pq.write_table(
            table.append_column("is_certified", [known]).select(list(WIDER.columns)), path
        )
    lake.merge(WIDER, night(number), batches)


@pytest.mark.parametrize("compacts", [False, True])
def test_rows_merged_before_a_field_existed_read_as_not_stated(
    tmp_path: Path, compacts: bool
) -> None:
    lake = Lake(tmp_path / "lake", "1GB")
    for number in (0, 1):
        batches = write_batches(tmp_path / "in", number, [Version(number, 1, 1), Version(7, 1, 1)])
        lake.merge(DOSSIER, night(number), batches)
    if compacts:
        lake.compact(DOSSIER)
    assert rows(lake, WIDER, "is_certified") == [(None,)] * 3
    merge_wider(lake, tmp_path / "in", 2, [Version(7, 5, 2), Version(8, 5, 1)])
    assert rows(lake, WIDER, "is_certified") == [(None,), (None,), (True,), (True,)]
    lake.compact(WIDER)
    merge_wider(lake, tmp_path / "in", 3, [Version(0, 9, 3)])
    lake.compact(WIDER)
    assert rows(lake, WIDER, "is_certified") == [(True,), (None,), (True,), (True,)]
