"""The front door to Airflow: its environment, and one night run by Airflow in one process."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from catalog.errors import MotcuaError
from catalog.night import LOCAL_ZONE
from stack.prepare import pools
from stack.sessions import Child, session

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
MODULE = "-Pm"
"""Run a module without putting the current folder, which may be anybody's, on the path."""


def environment(home: Path) -> dict[str, str]:
    """What Airflow is told about this machine; everything it writes stays below `home`/airflow.

    The DAG folder is `dags` alone, because Airflow imports every file in it.
    """
    folder = home.resolve() / "airflow"
    return {
        "MOTCUA_HOME": str(home.resolve()),
        "AIRFLOW_HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": str(LOCAL_ZONE),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }


def night_environment(home: Path) -> dict[str, str]:
    """`environment` for a single night: warnings only, and no copy of each task's arguments
    for a web page that nobody serves (a sixth of Airflow's own time)."""
    return {
        **environment(home),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__CORE__NUM_DAG_RUNS_TO_RETAIN_RENDERED_FIELDS": "0",
    }


def night_log(on: dt.date, home: Path) -> Path:
    """Where the night's output goes."""
    return home.resolve() / "airflow" / "logs" / f"nightly-{on}.log"


@contextmanager
def night_process(on: dt.date, home: Path, env: Mapping[str, str]) -> Iterator[Child]:
    """Airflow running the DAG for the day `on`; whatever is left of it ends with the block.

    `env` is what the process inherits; its PYTHONPATH is searched before ours.
    Raises MotcuaError where Airflow's database cannot be prepared.
    """
    ours = inherit(env, night_environment(home))
    prepare(home, ours)
    words = ["dags", "test", "nightly", str(on), "--conf", json.dumps({"on": str(on)})]
    with session([PYTHON, MODULE, "airflow", *words], ours, night_log(on, home)) as child:
        yield child


def run_night(on: dt.date, home: Path, env: Mapping[str, str]) -> int:
    """Run the night to its end; Airflow's exit status: 0, or 1 for a red run."""
    with night_process(on, home, env) as child:
        return child.wait()


def inherit(env: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """`env` overlaid with `ours`, except that the PYTHONPATH of both is kept."""
    path = os.pathsep.join(filter(None, [env.get("PYTHONPATH"), ours["PYTHONPATH"]]))
    return {**env, **ours, "PYTHONPATH": path}


def prepare(home: Path, env: Mapping[str, str]) -> None:
    """Create or migrate Airflow's database and pools, unless that was done for this very setup."""
    folder = home.resolve() / "airflow"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = folder / "prepared.json"
    wanted = {
        "airflow": version("apache-airflow-core"),
        "database": env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"],
        "pools": pools(),
    }
    if done.exists() and json.loads(done.read_text()) == wanted:
        return
    log = folder / "logs" / "prepare.log"
    with session([PYTHON, MODULE, "stack.prepare"], env, log) as child:
        if child.wait() != 0:
            raise MotcuaError(f"Airflow's database could not be prepared; see {log}")
    done.write_text(json.dumps(wanted))
