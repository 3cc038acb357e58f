"""Opening releases under Airflow: on time, never early, and told only when something opened."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dags.conftest import Place

PARSE = """
import contextlib, json, os, sys
from pathlib import Path
from stack.airflow import environment
os.environ.update(environment(Path("parsed")), PYTHONPATH="")
with contextlib.redirect_stdout(sys.stderr):
    from airflow.dag_processing.dagbag import DagBag
    dag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["release"]
    from airflow.serialization.encoders import encode_timetable
print(json.dumps({
    "timetable": str(encode_timetable(dag.timetable)),
    "catchup": dag.catchup,
    "at once": dag.max_active_runs,
    "retries": [task.retries for task in dag.tasks],
    "documented": all(told.doc_md for told in (dag, *dag.tasks)),
    "outlets": [asset.name for task in dag.tasks for asset in task.outlets],
    "heavy": [name for name in ("great_expectations", "pandas", "pipeline") if name in sys.modules],
}))
"""
RUN = """
import os, pathlib, sys
from stack.airflow import inherit, night_environment, prepare
home = pathlib.Path("home")
env = inherit(os.environ, night_environment(home))
prepare(home, env)
words = [sys.executable, "-Pm", "airflow", "dags", "test", "release", os.environ["DAY"]]
os.execve(sys.executable, words, env)
"""


def run(place: Place, day: str, **more: str) -> dict[str, str]:
    """What became of each task for a day, and of the run."""
    done = place.python(RUN, DAY=day, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    query = """SELECT task_id, t.state, r.state FROM task_instance t
               JOIN dag_run r USING (dag_id, run_id)
               WHERE dag_id = 'release' AND date(r.logical_date, '+7 hours') = ?"""
    with closing(sqlite3.connect(place.folder / "home/airflow/airflow.db")) as database:
        rows = database.execute(query, [day]).fetchall()
    return {**{task: state for task, state, _ in rows}, "run": rows[0][2]}


@pytest.fixture(scope="module")
def parsed(place: Place) -> dict[str, Any]:
    done = place.python(PARSE)
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def test_it_looks_every_hour_of_viet_nam_and_what_was_missed_is_not_repeated(
    parsed: dict[str, Any],
) -> None:
    assert "0 * * * *" in parsed["timetable"]
    assert "Asia/Ho_Chi_Minh" in parsed["timetable"]
    assert (parsed["catchup"], parsed["at once"], parsed["retries"]) == (False, 1, [2, 2])
    assert parsed["documented"]
    assert (parsed["outlets"], parsed["heavy"]) == (["release"], [])


def test_it_opens_what_is_due_by_the_true_time_whatever_day_the_run_is_for(place: Place) -> None:
    before = dt.datetime.now(dt.UTC)
    opened = run(place, "2031-01-02", OPENED="2026.10.1")
    assert opened == {"open": "success", "pages": "success", "run": "success"}
    idle = run(place, "2031-01-03")
    assert idle == {"open": "skipped", "pages": "skipped", "run": "success"}
    told = (place.folder / "opened.txt").read_text().splitlines()
    times = [dt.datetime.fromisoformat(line) for line in told]
    assert len(times) == 2
    assert all(before <= time <= dt.datetime.now(dt.UTC) for time in times)
