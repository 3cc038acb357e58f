"""What a session leaves behind: nothing, whatever its members do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from stack import sessions

STUBBORN = """
import os, signal, sys, time
from pathlib import Path
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""
PARENT = """
import os, signal, sys, time
from pathlib import Path
from stack.sessions import session, terminable
code = Path(sys.argv[1]).read_text()
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
with terminable(), session([sys.executable, "-c", code, sys.argv[2]], os.environ, Path("log")):
    time.sleep(60)
"""


def _written(file: Path) -> int:
    give_up_at = time.monotonic() + 20
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    return int(file.read_text())


def _is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_stubborn_descendant_in_a_group_of_its_own_ends_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "PATIENCE_SECONDS", 1.0)
    command = [sys.executable, "-c", STUBBORN, str(tmp_path / "pid")]
    with sessions.session(command, os.environ, tmp_path / "log") as child:
        descendant = _written(tmp_path / "pid")
        assert _is_running(descendant)
    assert child.returncode == -signal.SIGTERM
    assert not _is_running(descendant)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_parent_told_to_end_takes_its_session_along(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "code.py").write_text(STUBBORN.replace("signal.SIG_IGN", "signal.SIG_DFL"))
    words = [str(tmp_path / "code.py"), str(tmp_path / "pid")]
    root = str(Path(sessions.__file__).parents[1])
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        stderr=subprocess.DEVNULL,
    )
    descendant = _written(tmp_path / "pid")
    parent.send_signal(number)
    assert parent.wait(30) in (128 + number, 1, -number)
    assert not _is_running(descendant)


def test_output_goes_to_the_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('said'); sys.exit(3)"]
    with sessions.session(command, os.environ, tmp_path / "logs" / "one.log") as child:
        assert child.wait() == 3
    assert (tmp_path / "logs" / "one.log").read_text() == "said\n"
