"""The full Airflow, really started: healthy, runs a night, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
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
    }
    command = [sys.executable, "-c", FULL_STACK, str(port)]
    with subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.PIPE, text=True) as process:
        yield process, port
        process.send_signal(signal.SIGINT)


@pytest.mark.slow
def test_starts_runs_a_night_and_leaves_nothing_behind(
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

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert len(members) > 4
    assert [member for member in members if member.is_running()] == []
