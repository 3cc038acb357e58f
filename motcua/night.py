"""The night and its seven verbs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial

import typer

import pipeline
from catalog.errors import DeclarationError, PublicationError, SourceError
from motcua.application import AsJson, MaybeOn, MaybeSource, On, app, console
from motcua.clock import next_night, now


def _report(result: dict[str, object], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        for name, value in result.items():
            console.print(f"{name}: {value}")


def _per_source(
    verb: Callable[[dt.date, str], str], on: dt.date, source: str | None, as_json: bool
) -> None:
    ids = [source] if source else [s.source_id for s in pipeline.due_sources(on)]
    result: dict[str, object] = {}
    for source_id in ids:
        try:
            result[source_id] = verb(on, source_id)
        except (SourceError, DeclarationError) as error:
            result[source_id] = f"failed: {error}"
    _report(result, as_json)
    if any(str(r).startswith("failed") for r in result.values()):
        raise typer.Exit(pipeline.SOME_FAILED)


def _national(
    verb: Callable[[dt.date], dict[str, int]], on: dt.date, source: str | None, as_json: bool
) -> None:
    """Figures are national, so the verb does the whole night; with a source, the exit code says
    whether that source is part of it."""
    try:
        _report(dict(verb(on)), as_json)
    except PublicationError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(pipeline.NOT_PUBLISHED) from None
    if source and not pipeline.is_merged(source, on):
        raise typer.Exit(pipeline.SOME_FAILED)


@app.command(rich_help_panel="The seven verbs")
def collect(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Pull what changed at the sources and land it as sent."""
    _per_source(pipeline.collect, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def conform(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Bring landed rows into our words; reject what cannot be understood."""
    _per_source(pipeline.conform, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def judge(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Check the records: accept, quarantine rows, or hold the batch."""
    _per_source(pipeline.judge, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def merge(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Merge every judged batch of the night into the lake."""
    _national(pipeline.merge, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def measure(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Count the indicators."""
    _national(pipeline.measure, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def publish(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Publish the night's release to Postgres and as files."""
    _national(pipeline.publish, on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def notify(on: On, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Tell areas and operators what was turned away."""
    _national(partial(pipeline.notify, clock=now), on, source, as_json)


@app.command(rich_help_panel="The seven verbs")
def pages(as_json: AsJson = False) -> None:
    """Make the site of the newest release, and of all before it."""
    try:
        _report({"pages": str(pipeline.pages())}, as_json)
    except PublicationError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(pipeline.NOT_PUBLISHED) from None


@app.command()
def night(on: MaybeOn = None, as_json: AsJson = False) -> None:
    """Run a whole night in this process, and make the site; without --on, the next one."""
    day = on or next_night()
    code = pipeline.night(day, now)
    told = {"on": str(day), "outcome": code}
    if code != pipeline.NOT_PUBLISHED:
        told["pages"] = str(pipeline.pages())
    _report(told, as_json)
    raise typer.Exit(code)
