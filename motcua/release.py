"""Releases: which there are, how they differ, cutting one, and making one again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from catalog.areas import NATION
from catalog.codelists import name_of
from catalog.errors import DeclarationError, PublicationError
from catalog.night import Night
from catalog.release_calendar import due
from motcua.application import AsJson, app, console, show
from motcua.instant import MaybeAt, instant, said
from pipeline.releases import release_days, release_id
from pipeline.vintages import freeze as freezing
from pipeline.vintages import frozen
from pipeline.vintages import reproduce as again
from pipeline.vintages.manifest import manifest_of
from pipeline.vintages.revisions import between

NOT_THE_SAME = 4
SHOWN = 40
release = typer.Typer(no_args_is_help=True, help="Releases: list, diff, cut, open.")
app.add_typer(release, name="release", rich_help_panel="Looking")
Id = Annotated[str, typer.Argument(metavar="RELEASE", help="nightly-2026-11-22 or 2026.10.1")]


def refused(error: Exception) -> typer.Exit:
    console.print(str(error), style="red", markup=False, soft_wrap=True)
    return typer.Exit(2)


@release.command("list")
def list_releases(
    waiting: Annotated[bool, typer.Option("--waiting", help="Those under embargo.")] = False,
    as_json: AsJson = False,
) -> None:
    """All public releases, the frozen ones first; or, for the office, those that wait."""
    if waiting:
        rows = [{**_row(n), "public_from": said(due(frozen.month_of(n)))} for n in frozen.waiting()]
    else:
        nightly = [release_id(Night(day)) for day in release_days()]
        rows = [_row(name) for name in (*frozen.public(), *nightly)]
    show("releases", rows, as_json)


def _row(name: str) -> dict[str, Any]:
    try:
        told = manifest_of(name)
    except PublicationError:
        return {"release": name, "night": None, "rulebook": None, "revises": None}
    previous = told.previous.release if told.previous else None
    return {
        "release": name,
        "night": str(told.night),
        "rulebook": told.rulebook[:12],
        "revises": previous,
    }


@release.command()
def diff(earlier: Id, later: Id, as_json: AsJson = False) -> None:
    """Why figures of past periods differ between two releases: each cause with its size."""
    try:
        found = between(earlier, later).to_pylist()
    except (PublicationError, DeclarationError) as error:
        raise refused(error) from None
    _print(found, as_json)


def _print(found: Sequence[dict[str, Any]], as_json: bool) -> None:
    ordered = sorted(found, key=_weight)
    if as_json:
        typer.echo(json.dumps(ordered, ensure_ascii=False, indent=1))
        return
    rows = [
        {
            "indicator": row["indicator"],
            "area": row["area"],
            "period": row["period"],
            "borders": row["borders"],
            "before": row["value_before"],
            "after": row["value_after"],
            "change": row["change"],
            "cause": name_of("revision_cause", row["cause"], "name_en"),
        }
        for row in ordered[:SHOWN]
    ]
    show(f"{len(found)} revisions", rows, False)
    if len(found) > SHOWN:
        console.print(f"... and {len(found) - SHOWN} more: --json shows all")


def _weight(row: dict[str, Any]) -> tuple[Any, ...]:
    """VN first, then the largest change."""
    size = -abs(row["change"]) if row["change"] is not None else float("-inf")
    return row["area"] != NATION, size, row["indicator"], row["area"], row["period"]


@release.command()
def cut(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="The month that it reports.")],
    yes: Annotated[bool, typer.Option("--yes", help="Freeze without asking.")] = False,
    at: MaybeAt = None,
) -> None:
    """Show what changed since the last frozen release, then freeze the newest night's figures:
    under embargo until the hour of the month, public from then on."""
    try:
        made, now = freezing.candidate(month), instant(at)
        _print(made.tables["revision"].to_pylist(), False)
        name = made.figures["release"][0].as_py()
        until = "public at once" if due(month) <= now else "under embargo until then"
        console.print(f"{name} is due at {said(due(month))}: {until}", soft_wrap=True)
        if not yes and not typer.confirm(f"Freeze {name} for ever?"):
            raise typer.Exit(1)
        console.print(str(freezing.freeze(made, now)), soft_wrap=True)
    except (PublicationError, DeclarationError) as error:
        raise refused(error) from None


@release.command()
def reproduce(name: Id, as_json: AsJson = False) -> None:
    """Make a release again from the lake by the rules of its time, and compare every byte."""
    try:
        found = again.reproduced(name)
    except (PublicationError, DeclarationError) as error:
        raise refused(error) from None
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        console.print(f"{name}: {len(found.same)} files the same, {len(found.different)} not")
        for line in (*found.different, *found.reasons):
            console.print(f"- {line}", markup=False, soft_wrap=True)
    if found.different:
        raise typer.Exit(NOT_THE_SAME)
