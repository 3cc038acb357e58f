"""The services behind a night: the warehouse, the simulated nation, Airflow."""

from __future__ import annotations

import datetime as dt
import os
from typing import Annotated
from urllib.parse import urlsplit

import typer

from catalog.settings import settings
from catalog.sources import sources
from motcua.application import AsJson, MaybeOn, app, console, parse_day
from motcua.clock import next_night
from motcua.demonstration import airflow_night
from motcua.summary import print_summary, summary
from stack import nation
from stack.postgres import embedded_url, stop_embedded
from stack.processes import full_stack

Day = Annotated[dt.date, typer.Option(parser=parse_day, metavar="DATE")]


def _game(text: str) -> tuple[str, str]:
    """A source and a way of gaming that exist."""
    from simulator.gaming import gamings

    source_id, _, kind = text.partition("=")
    if source_id not in sources() or kind not in gamings():
        ways = ", ".join(gamings())
        raise typer.BadParameter(f"write SOURCE=KIND, where KIND is one of {ways}")
    return source_id, kind


@app.command(rich_help_panel="Services")
def simulate(
    opens_on: Day,
    host: str = "127.0.0.1",
    port: int = 8634,
    seed: int = 34,
    dossiers: Annotated[
        int, typer.Option(help="How many the nation receives in 90 days.")
    ] = 60_000,
    gamed: Annotated[
        list[str] | None,
        typer.Option(help="A source that games its figures, and how: ha_noi=late_hidden."),
    ] = None,
) -> None:
    """Serve the simulated nation until interrupted."""
    from simulator import Nation
    from simulator.server import serve

    games = dict(_game(text) for text in gamed or ())
    serve(Nation(opens_on, dossiers, seed, games), host=host, port=port)


@app.command(rich_help_panel="Services")
def up(on: MaybeOn = None) -> None:
    """Start the embedded PostgreSQL and the simulated nation in the background."""
    url = settings().warehouse_url or embedded_url(settings().postgres_dir)
    console.print(f"warehouse {urlsplit(url).scheme}://… ({settings().postgres_dir})")
    day = on or next_night()
    wanted = settings()
    nation.start(
        wanted.home, wanted.nation_url, day, wanted.history_days, wanted.simulated_dossiers
    )
    console.print(f"simulated nation {settings().nation_url}")


@app.command(rich_help_panel="Services")
def down() -> None:
    """Stop what `up` started."""
    nation.stop(settings().home)
    if not settings().warehouse_url and not stop_embedded(settings().postgres_dir):
        console.print("another program still uses the embedded PostgreSQL; it stays up")


@app.command(rich_help_panel="Services")
def demo(on: MaybeOn = None, as_json: AsJson = False) -> None:
    """One night through Airflow with everything it needs: what `make night` runs."""
    day = on or next_night()
    up(on=day)
    try:
        code = airflow_night(day)
        print_summary(summary(day), as_json)
    finally:
        down()
    raise typer.Exit(code)


@app.command(rich_help_panel="Services")
def airflow() -> None:
    """Airflow with its web page, the embedded PostgreSQL and the nation, until Ctrl-C."""
    home = settings().home
    up()
    try:
        database = embedded_url(settings().postgres_dir, "airflow")
        full_stack(home, database, settings().airflow_port, os.environ)
    finally:
        down()
