"""The page of a province and its workbook as files, for whoever passes them on by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback.page import Links, html
from motcua.application import app, console
from pipeline.province_page import page_of, workbook_of


@app.command(rich_help_panel="Looking")
def page(
    area: Annotated[str, typer.Argument(metavar="AREA", help="Its code, such as H26.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it: .html.")],
) -> None:
    """Write the page of a province to a file, and its workbook beside it; nobody can answer from
    them."""
    beside = out.with_suffix(".xlsx")
    try:
        made, rows = page_of(area), workbook_of(area)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    beside.write_bytes(rows)
    out.write_text(html(made, Links(workbook=beside.name), is_file=True), encoding="utf-8")
    console.print(f"{out}, {beside}: {made.failing} lines / {made.failing} dòng", markup=False)
