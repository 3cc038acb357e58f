"""What a child process costs: CPU seconds, peak memory and bytes written. Linux only."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """`cpu` is user and system seconds, with descendants waited for; `memory` the peak resident
    bytes of the process; `written` the bytes it passed to write calls."""

    cpu: float
    memory: int
    written: int


def run_module(module: str, *arguments: str) -> Cost:
    """Run ``python -m module arguments`` to its end. Raises CalledProcessError when it fails."""
    end, start = os.pipe()
    command = [sys.executable, "-m", "bench.measurement", str(start), module, *arguments]
    process = subprocess.Popen(command, pass_fds=[start])
    os.close(start)
    with os.fdopen(end) as pipe:
        figures = pipe.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    memory, written = (int(figure) for figure in figures)
    return Cost(usage.ru_utime + usage.ru_stime, memory, written)


def cheapest(costs: list[Cost]) -> Cost:
    """The smallest of each figure: what the work needs when nobody disturbs it."""
    return Cost(
        min(cost.cpu for cost in costs),
        min(cost.memory for cost in costs),
        min(cost.written for cost in costs),
    )


def _own(file: str, name: str) -> int:
    """A figure of this process under ``/proc/self``."""
    lines = Path("/proc/self", file).read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _main() -> None:
    """In the child: the peak is read here, for wait4 would report the parent's where larger."""
    pipe, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    figures = f"{_own('status', 'VmHWM') * 1024} {_own('io', 'wchar')}"
    os.write(int(pipe), figures.encode("ascii"))


if __name__ == "__main__":
    _main()
