"""Running a night through Airflow while showing how far it is."""

from __future__ import annotations

import datetime as dt
import os
from concurrent.futures import Future, ThreadPoolExecutor

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import pipeline
from catalog.settings import settings
from motcua.application import console
from pipeline.stores import warehouse
from stack.airflow import run_night

STAGES = ("collect", "conform", "judge", "merge")


def airflow_night(on: dt.date) -> int:
    """Run the night's DAG with Airflow itself; the exit code of `pipeline.outcome`."""
    warehouse()
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(run_night, on, settings().home, dict(os.environ))
        _show_progress(on, run)
    status = run.result()
    if status != 0:
        console.print(f"[red]Airflow ended with {status}; its log: {settings().home}/airflow[/red]")
    return pipeline.outcome(on)


def _show_progress(on: dt.date, run: Future[int]) -> None:
    total = len(pipeline.due_sources(on))
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bars = {stage: progress.add_task(stage, total=total) for stage in STAGES}
        while not run.done():
            _advance(on, progress, bars)
            try:
                run.exception(timeout=0.5)
            except TimeoutError:
                continue
        _advance(on, progress, bars)


def _advance(on: dt.date, progress: Progress, bars: dict[str, object]) -> None:
    ledger = warehouse().ledger(on=on)
    for stage, bar in bars.items():
        through = {row["source_id"] for row in ledger if row["stage"] == stage}
        progress.update(bar, completed=len(through))  # type: ignore[arg-type]
