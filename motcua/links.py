"""Signed links to hand on: the page of a province, and the answers about an incident."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from feedback.preferences import preferences
from motcua.application import app
from motcua.clock import today
from motcua.incidents import Id, incident, known_incident
from pipeline import links

Answer = Literal["acknowledge", "dispute", "accept"]


def _area(text: str) -> str:
    if text not in preferences():
        raise typer.BadParameter(f"no source of {text!r}; there are {', '.join(preferences())}")
    return text


@incident.command()
def link(
    incident_id: Id,
    purpose: Annotated[Answer, typer.Option("--for", help="What it is to answer.")],
) -> None:
    """The address where it is answered; to accept a deviation is the office's alone."""
    typer.echo(links.of_answer(known_incident(incident_id), purpose, today()))


@app.command(rich_help_panel="Looking")
def page_link(
    area: Annotated[str, typer.Argument(parser=_area, metavar="AREA", help="Such as H26.")],
) -> None:
    """The address of a province's page; `motcua serve` shows it."""
    typer.echo(links.of_page(area, today()))
