"""What a child process costs: CPU seconds, peak memory and bytes written."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """`cpu` is user and system seconds, `memory` the peak resident bytes, `written` the bytes
    passed to write calls; each with the descendants that the process waited for."""

    cpu: float
    memory: int
    written: int


def run_module(module: str, *arguments: str) -> Cost:
    """Run ``python -m module arguments`` to its end.

    Raises CalledProcessError when it fails. Linux only: it reads ``/proc``.
    """
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    written = _bytes_written(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, written)


def cheapest(costs: list[Cost]) -> Cost:
    """The smallest of each figure: what the work needs when nobody disturbs it."""
    return Cost(
        min(cost.cpu for cost in costs),
        min(cost.memory for cost in costs),
        min(cost.written for cost in costs),
    )


def _bytes_written(pid: int) -> int:
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))
