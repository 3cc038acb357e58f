"""What cannot have changed is not counted again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from pipeline.measures import Remembered
from tests.indicators.test_counts import NIGHT, table
from transforms.indicators import measure
from transforms.indicators.runners import DuckDBRunner

AT = dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC)
ROW = {"area_code": "H26", "agency_code": "H26.01", "status": "processing", "received_at": AT}
EMPTY = dict.fromkeys(("due_at", "finished_at", "returned_at", "rejected_at"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that reach the engine."""
    found: list[str] = []
    honest = DuckDBRunner.ask

    def ask(self: DuckDBRunner, query: str) -> pa.Table:
        found.append(query)
        return honest(self, query)

    monkeypatch.setattr(DuckDBRunner, "ask", ask)
    return found


def written(folder: Path, name: str, rows: int) -> str:
    file = folder / f"{name}.parquet"
    pq.write_table(table([{**EMPTY, **ROW} for _ in range(rows)]), file)
    return f"read_parquet('{file}')"


def counted(relation: str, night: Night, memory: Remembered) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = measure(connection, {"dossier": relation}, night, memory=memory)
    order = [(name, "ascending") for name in ("indicator", "area", "agency", "starts_on")]
    rows: list[dict[str, Any]] = found.sort_by(order).to_pylist()
    return rows


def test_the_same_files_on_the_same_night_are_counted_once(
    tmp_path: Path, asked: list[str]
) -> None:
    relation, memory = written(tmp_path, "state", 3), Remembered(tmp_path / "measures")
    first = counted(relation, NIGHT, memory)
    assert asked
    asked.clear()
    assert counted(relation, NIGHT, memory) == first
    assert not asked


def test_on_the_next_night_only_what_depends_on_the_day_is_counted_again(
    tmp_path: Path, asked: list[str]
) -> None:
    relation, memory = written(tmp_path, "state", 3), Remembered(tmp_path / "measures")
    counted(relation, NIGHT, memory)
    all_questions = len(asked)
    asked.clear()
    later = Night(NIGHT.on + dt.timedelta(days=1))
    again = counted(relation, later, memory)
    assert 0 < len(asked) < all_questions
    assert again == counted(relation, later, Remembered(tmp_path / "other"))


def test_other_files_are_another_question(tmp_path: Path) -> None:
    memory = Remembered(tmp_path / "measures")
    few = counted(written(tmp_path, "before", 3), NIGHT, memory)
    more = counted(written(tmp_path, "after", 5), NIGHT, memory)
    by_code = {row["indicator"]: row["denominator"] for row in more if row["agency"] is None}
    assert by_code["online_submission_share"] == 5
    assert few != more


def test_what_was_not_asked_for_is_forgotten(tmp_path: Path) -> None:
    counted(written(tmp_path, "before", 3), NIGHT, Remembered(tmp_path / "measures"))
    memory = Remembered(tmp_path / "measures")
    counted(written(tmp_path, "after", 5), NIGHT, memory)
    memory.forget_others()
    assert {file.stem for file in (tmp_path / "measures").glob("*")} == memory.used
