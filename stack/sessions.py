"""Child processes, each leading a session of its own so that it ends with all its descendants."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil  # type: ignore[import-untyped]

PATIENCE_SECONDS = 15.0
Child = subprocess.Popen[bytes]


@contextmanager
def session(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[Child]:
    """Run `command`, its output appended to `log`; on leaving, nothing of it is left running."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        stop(child)


def stop(child: Child) -> None:
    """Ask the child to end, then end whoever is left of its session.

    The session and not the process group, because Airflow puts each task in a group of its own.
    """
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(PATIENCE_SECONDS)
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = _members(child.pid)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        psutil.wait_procs(left, timeout=PATIENCE_SECONDS / 3)
    child.wait()


def _members(leader: int) -> list[psutil.Process]:
    """The processes in the session of `leader`."""
    found = []
    for pid in psutil.pids():
        with suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getsid(pid) == leader:
                found.append(psutil.Process(pid))
    return found


@contextmanager
def terminable() -> Iterator[None]:
    """Turn SIGTERM into SystemExit for a while, so that `session` gets to clean up."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
