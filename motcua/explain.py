"""Explaining one published figure to an official who disputes it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from catalog.areas import areas
from motcua.application import AsJson, MaybeDay, app
from motcua.explanation import print_explanation
from pipeline.explain import explain as explain_figure
from pipeline.releases import period_type
from transforms.indicators import indicators


def _known_indicator(code: str) -> str:
    if code not in indicators():
        raise typer.BadParameter(f"no indicator {code!r}; there are {', '.join(indicators())}")
    return code


def _known_area(code: str) -> str:
    if code.partition(".")[0] not in areas():
        raise typer.BadParameter(f"no area {code!r}")
    return code


def _period(text: str) -> str:
    if not period_type(text):
        raise typer.BadParameter("write 2026, 2026-Q4, 2026-11, 2026-11-22 or all")
    return text


@app.command(rich_help_panel="Looking")
def explain(
    code: Annotated[str, typer.Argument(parser=_known_indicator, metavar="CODE")],
    area: Annotated[
        str, typer.Option(parser=_known_area, metavar="CODE", help="VN, H26, G03, or H26.01.")
    ],
    period: Annotated[str, typer.Option(parser=_period, metavar="PERIOD")],
    as_of: MaybeDay = None,
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="Check every landed page, however many.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What one published figure is made of, and what is not in it; counts only."""
    facts = explain_figure(code, area, period, as_of, all_pages)
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str, indent=1))
    else:
        print_explanation(facts)
