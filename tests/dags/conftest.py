"""A night run by Airflow itself over six small sources, with a pipeline that only keeps a diary."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIARY = """
import datetime as dt, os
from pathlib import Path
from catalog.errors import PublicationError, SourceRefused, SourceUnavailable

WRONG = {"ca_mau": SourceUnavailable, "da_nang": SourceRefused}

def wrote(verb, on, *source):
    assert type(on) is dt.date
    with Path(os.environ["DIARY"]).open("a") as diary:
        print(verb, on, *source, file=diary)

def collect(on, source_id):
    wrote("collect", on, source_id)
    if source_id in WRONG:
        raise WRONG[source_id](source_id, "as the test wants it")
    return "ok"

def conform(on, source_id):
    wrote("conform", on, source_id)
    return "ok"

def judge(on, source_id):
    wrote("judge", on, source_id)
    return "held"

def merge(on):
    wrote("merge", on)
    return {"batches": 2}

def measure(on):
    wrote("measure", on)
    return {"observations": 1}

def publish(on):
    wrote("publish", on)
    if os.environ.get("REFUSE_TO_PUBLISH"):
        raise PublicationError("as the test wants it")
    return {"observations": 1}

def notify(on, clock):
    assert clock().tzinfo
    wrote("notify", on)
    return {"messages": 0}

def pages():
    return "index.html"

def open_due(at):
    with Path(os.environ["DIARY"]).with_name("opened.txt").open("a") as opened:
        print(at.isoformat(), file=opened)
    return os.environ.get("OPENED", "").split()

def outcome(on):
    return int(os.environ.get("OUTCOME", "1"))
"""
SOURCES = {
    "ha_noi": ("lgsp_json", "H26", "2026-01-01", ""),
    "ca_mau": ("lgsp_json", "H12", "2026-01-01", ""),
    "da_nang": ("lgsp_json", "H17", "2026-01-01", ""),
    "can_tho": ("lgsp_json", "H13", "2026-11-22", ""),
    "hue": ("lgsp_json", "H57", "2026-01-01", "2026-11-20"),
    "lang_son": ("manual_drop", "H37", "2026-01-01", ""),
}


@dataclass(frozen=True)
class Place:
    """A folder with sources, a stand-in pipeline and a home for what Airflow writes."""

    folder: Path

    def env(self, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": f"{self.folder / 'standin'}{os.pathsep}{ROOT}",
            "MOTCUA_SOURCES_DIR": str(self.folder / "sources"),
            "DIARY": str(self.folder / "diary.txt"),
            **more,
        }

    def python(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            env=self.env(**more),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
        )

    def night(self, on: dt.date, **more: str) -> int:
        """Airflow's exit status for the night of that day."""
        code = (
            "import datetime, os, pathlib, sys; from stack.airflow import run_night;"
            f"sys.exit(run_night(datetime.date.fromisoformat('{on}'), pathlib.Path('home'),"
            " os.environ))"
        )
        return self.python(code, **more).returncode

    def diary(self, on: dt.date) -> list[str]:
        lines = (self.folder / "diary.txt").read_text().splitlines()
        return [line.replace(f" {on}", "") for line in lines if str(on) in line]

    def states(self, on: dt.date) -> dict[str, str]:
        """What became of every task instance, by task id and, where mapped, source id; and of
        the run itself under the name ``run``."""
        query = """
            SELECT t.task_id, coalesce(c.rendered_map_index, ''), t.state, r.state
            FROM task_instance t JOIN dag_run r USING (dag_id, run_id)
            LEFT JOIN task_instance c ON c.run_id = t.run_id AND c.map_index = t.map_index
              AND t.map_index >= 0
              AND c.task_id = substr(t.task_id, 1, instr(t.task_id, '.')) || 'collect'
            WHERE json_extract(r.conf, '$.on') = ?"""
        with closing(sqlite3.connect(self.folder / "home/airflow/airflow.db")) as database:
            rows = database.execute(query, [str(on)]).fetchall()
        states = {f"{task} {source}".strip(): state for task, source, state, _ in rows}
        return {**states, "run": rows[0][3]}


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("place")
    for name in ("standin", "sources"):
        (folder / name).mkdir()
    (folder / "standin/pipeline.py").write_text(DIARY)
    for source_id, (platform, area, starts_on, ends_on) in SOURCES.items():
        end = f"ends_on: {ends_on}\n" if ends_on else ""
        (folder / f"sources/{source_id}.yml").write_text(
            f"name_vi: {source_id}\narea: {area}\nplatform: {platform}\nstarts_on: {starts_on}\n"
            f"legal_basis: test\n{end}"
        )
    return Place(folder)
