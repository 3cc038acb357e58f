"""Running a night through Airflow while showing how far it is."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections import Counter

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

import pipeline
from catalog.settings import settings
from motcua.application import console
from pipeline.stores import warehouse
from stack.airflow import night_log, night_process
from stack.sessions import Child, terminable

STAGES = ("collect", "conform", "judge", "merge")


def airflow_night(on: dt.date) -> int:
    """Run the night's DAG with Airflow itself; the exit code of `pipeline.outcome`.

    On Ctrl-C or SIGTERM Airflow ends too, with everything that it started.
    """
    warehouse()
    console.print(f"Night {on}: Airflow runs the DAG `nightly`.")
    with terminable(), night_process(on, settings().home, os.environ) as child:
        _show_progress(on, child)
    if child.returncode:
        console.print(f"[red]The run is red; see {night_log(on, settings().home)}[/red]")
    return pipeline.outcome(on)


def _show_progress(on: dt.date, child: Child) -> None:
    total = len(pipeline.due_sources(on))
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bars = {stage: progress.add_task(stage, total=total) for stage in STAGES}
        while child.poll() is None:
            _advance(on, progress, bars)
            try:
                child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
        _advance(on, progress, bars)


def _advance(on: dt.date, progress: Progress, bars: dict[str, TaskID]) -> None:
    through = {(row["stage"], row["source_id"]) for row in warehouse().ledger(on=on)}
    counts = Counter(stage for stage, _ in through)
    for stage, bar in bars.items():
        progress.update(bar, completed=counts[stage])
