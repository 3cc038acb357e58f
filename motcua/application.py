"""The application object, and how commands take a date and print JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import structlog
import typer
import typer.core
from rich.console import Console
from rich.table import Table

from catalog.errors import DeclarationError, SettingsError
from catalog.sources import sources

WIDTH_WITHOUT_TERMINAL = 110


class Told(typer.core.TyperGroup):
    """Tells a wrong declaration or a missing setting in one line, as wrong usage."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (DeclarationError, SettingsError) as error:
            console.print(str(error), style="red", markup=False, soft_wrap=True)
            console.print(error.message_vi)
            raise typer.Exit(2) from None


structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
app = typer.Typer(
    cls=Told,
    help="Một Cửa Metrics: how well Viet Nam's administration serves people, night by night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
console = Console()
if not console.is_terminal:
    console = Console(width=WIDTH_WITHOUT_TERMINAL)


def parse_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write the day as YYYY-MM-DD") from None


def known_source(text: str) -> str:
    if text not in sources():
        raise typer.BadParameter(f"no source {text!r}; see: motcua sources")
    return text


On = Annotated[
    dt.date, typer.Option("--on", parser=parse_day, metavar="DATE", help="The night's local day.")
]
MaybeOn = Annotated[
    dt.date | None,
    typer.Option("--on", parser=parse_day, metavar="DATE", help="The night's local day."),
]
MaybeDay = Annotated[
    dt.date | None,
    typer.Option("--as-of", parser=parse_day, metavar="DATE", help="As published by that day."),
]
MaybeSource = Annotated[
    str | None, typer.Option("--source", parser=known_source, metavar="ID", help="One source.")
]
SourceId = Annotated[str, typer.Argument(parser=known_source, metavar="SOURCE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def show(title: str, rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Print rows as JSON, or as a table of the columns that say something."""
    if as_json:
        typer.echo(json.dumps(list(rows), ensure_ascii=False, default=str, indent=1))
        return
    columns = list(rows[0]) if rows else []
    table = Table(title=title)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*("" if row[c] is None else _cell(row[c]) for c in columns))
    console.print(table)


def _cell(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
