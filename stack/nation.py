"""The simulated nation as a process of its own, started and stopped by the command line."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from catalog.errors import MotcuaError

PATIENCE_SECONDS = 60

_ours: dict[int, subprocess.Popen[bytes]] = {}
"""Processes that this process started, and must reap whoever stops them."""


def start(home: Path, url: str, first_night: dt.date, history_days: int, dossiers: int) -> None:
    """Start the nation unless it already answers.

    The day it opened is written down at the first start, so that later nights see the same nation.
    Raises MotcuaError where it does not answer within a minute; its log says why.
    """
    if _answers(url):
        return
    home.mkdir(parents=True, exist_ok=True)
    opens_on = _opening_day(home / "nation.json", first_night - dt.timedelta(history_days - 1))
    address = urlsplit(url)
    words = ["simulate", "--host", str(address.hostname), "--port", str(address.port)]
    words += ["--opens-on", str(opens_on), "--dossiers", str(dossiers)]
    with (home / "nation.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "motcua", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _ours[process.pid] = process
    (home / "nation.pid").write_text(str(process.pid))
    _wait_until_it_answers(process, url, home / "nation.log")


def stop(home: Path) -> bool:
    """Stop the nation that `start` started; whether there was one."""
    file = home / "nation.pid"
    there_was_one = file.exists() and _terminate(int(file.read_text()))
    file.unlink(missing_ok=True)
    for number, process in list(_ours.items()):
        if process.poll() is not None:
            del _ours[number]
    return there_was_one


def _terminate(number: int) -> bool:
    """End the process and, where it is ours, wait for it; whether it was alive."""
    try:
        os.killpg(number, signal.SIGTERM)
    except ProcessLookupError:
        return False
    if number in _ours:
        _ours[number].wait()
    return True


def _opening_day(file: Path, usual: dt.date) -> dt.date:
    if not file.exists():
        file.write_text(json.dumps({"opens_on": str(usual)}))
    return dt.date.fromisoformat(json.loads(file.read_text())["opens_on"])


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise MotcuaError(f"the simulated nation did not start; see {log}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
