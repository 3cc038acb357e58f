"""The full Airflow, really started: healthy, runs a night, and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from catalog.night import LOCAL_ZONE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
FULL_STACK = """
import os, sys
from pathlib import Path
from stack.postgres import embedded_url, stop_embedded
from stack.processes import full_stack
home = Path("home")
try:
    full_stack(home, embedded_url(home / "postgres", "airflow"), int(sys.argv[1]), os.environ)
finally:
    stop_embedded(home / "postgres")
"""


@pytest.fixture
def running(
    home: Path, free_port: Callable[[], int]
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    env = {
        **os.environ,
        "PYTHONPATH": f"{home / 'standin'}{os.pathsep}{ROOT}",
        "MOTCUA_SOURCES_DIR": str(home / "sources"),
        "MOTCUA_PUBLISH_BY": "01:00",
    }
    command = [sys.executable, "-c", FULL_STACK, str(port)]
    with subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.PIPE, text=True) as process:
        yield process, port
        process.send_signal(signal.SIGTERM)


def alerts_of_any_night(home: Path) -> list[dict[str, str]]:
    """The alerts so far, once there is one."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if files := list((home / "home/alerts").glob("*.jsonl")):
            lines = "".join(file.read_text() for file in files).splitlines()
            return [json.loads(line) for line in lines]
        time.sleep(0.5)
    return []


@pytest.mark.slow
def test_starts_runs_a_night_tells_of_a_late_one_and_leaves_nothing_behind(
    home: Path,
    running: tuple[subprocess.Popen[str], int],
    night_over_api: Callable[[int, Path], str],
) -> None:
    process, port = running
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    passwords = home / "home/airflow/passwords.json"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    members = psutil.Process(process.pid).children(recursive=True)
    listening = {
        connection.laddr.ip
        for member in members
        for connection in member.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}

    assert httpx2.get(f"http://127.0.0.1:{port}/api/v2/dags").status_code == 401
    assert night_over_api(port, passwords) == "success"
    [late] = alerts_of_any_night(home)
    yesterday = (dt.datetime.now(LOCAL_ZONE) - dt.timedelta(days=1)).date()
    assert (late["kind"], late["error"]) == ("late", "PublicationError")
    assert late["on"] in (str(yesterday), str(yesterday - dt.timedelta(days=1)))
    assert dt.datetime.fromisoformat(late["at"]).time() == dt.time(1)

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert len(members) > 4
    assert [member for member in members if member.is_running()] == []
