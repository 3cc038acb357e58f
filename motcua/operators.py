"""How the sources stand: what the operators' digest says, at any time."""

from __future__ import annotations

import typer

from catalog.night import Night
from motcua.application import AsJson, MaybeOn, app
from motcua.clock import yesterday
from pipeline import operators
from pipeline.releases import release_days


@app.command(rich_help_panel="Looking")
def status(on: MaybeOn = None, as_json: AsJson = False) -> None:
    """What failed, what is late, and what to do: of the newest night, or as it was after --on."""
    day = on or max(release_days(), default=yesterday())
    facts = operators.report(Night(day))
    typer.echo(operators.as_json(facts) if as_json else operators.words(facts), nl=False)
