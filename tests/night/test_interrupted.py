"""A night interrupted between its stores: running the verb again ends as if nothing happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

import pipeline
from catalog.records import sent_records
from pipeline import for_nation
from pipeline.stores import lake, warehouse
from warehouse.lake.lake import STEPS

DOSSIERS = 20_000
SOURCES = {"bo_y_te", "wabo"}
ON = dt.date(2026, 11, 18)

pytestmark = pytest.mark.slow


class Interrupted(BaseException):
    """Stands for the end of the process."""


@pytest.fixture(scope="module")
def judged(country: Any) -> Any:
    for source_id in sorted(SOURCES):
        for verb in (pipeline.collect, pipeline.conform, pipeline.judge):
            verb(ON, source_id)
    return country


def merged_rows() -> int:
    return sum(row["accepted"] for row in warehouse().ledger(on=ON) if row["stage"] == "merge")


def test_a_merge_interrupted_at_any_step_is_made_good(judged: Any) -> None:
    judged_rows = sum(r["accepted"] for r in warehouse().ledger(on=ON) if r["stage"] == "judge")
    for step in (step for step in STEPS if step.startswith("merge")):

        def stop(reached: str, step: str = step) -> None:
            if reached == step:
                raise Interrupted

        lake().reached = stop
        with pytest.raises(Interrupted):
            pipeline.merge(ON)
        assert merged_rows() == 0
    lake().reached = lambda step: None
    pipeline.merge(ON)
    assert merged_rows() == judged_rows
    with duckdb.connect() as connection:
        held = [
            connection.sql(f"SELECT count(*) FROM {lake().current(record)}").fetchall()[0][0]
            for record in sent_records().values()
        ]
    assert sum(held) == judged_rows


def test_a_publication_interrupted_before_its_files_is_made_good(
    judged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: Any) -> None:
        raise Interrupted

    pipeline.merge(ON)
    pipeline.measure(ON)
    with monkeypatch.context() as patch:
        patch.setattr(for_nation, "write_release", stop)
        with pytest.raises(Interrupted):
            pipeline.publish(ON)
    assert pipeline.outcome(ON) == pipeline.NOT_PUBLISHED
    assert set(pipeline.publish(ON).values()) == {0}
    assert pipeline.outcome(ON) == pipeline.DONE
