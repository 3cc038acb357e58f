"""Form 06 as the Government Office asks for it: thirteen columns, a line for each field."""

from __future__ import annotations

from typing import Annotated

import typer

from catalog.areas import areas
from motcua.application import AsJson, MaybeDay, app, console, show
from motcua.ranking import a_period
from motcua.tables import table
from pipeline import form06 as lines_of

WORDS = ("(1)\nSTT", "(2)\nLĩnh vực\nfield")
HEADS = (
    *("(3)\nTiếp nhận", "(4)\nTrực\ntuyến", "(5)\nTrực tiếp,\nbưu chính", "(6)\nKỳ trước"),
    *("(7)\nĐã g.q.", "(8)\nTrước\nhạn", "(9)\nĐúng\nhạn", "(10)\nQuá\nhạn"),
    *("(11)\nĐang g.q.", "(12)\nTrong\nhạn", "(13)\nQuá\nhạn"),
)


def _area(text: str) -> str:
    if text not in areas():
        raise typer.BadParameter(f"no area {text!r}")
    return text


@app.command("form06", rich_help_panel="Looking")
def form06(
    area: Annotated[str, typer.Option(parser=_area, metavar="AREA", help="VN, H26 or G03.")],
    period: Annotated[str, typer.Option(parser=a_period, metavar="PERIOD")],
    as_of: MaybeDay = None,
    as_json: AsJson = False,
) -> None:
    """Form 06/VPCP/KSTT of an area and a period, by field of administration."""
    lines = lines_of.form06(area, period, as_of)
    if as_json:
        show("", lines, as_json)
        return
    made = table(WORDS, HEADS, f"Biểu số 06/VPCP/KSTT\n{areas()[area].name_vi}, {period}")
    for number, line in enumerate(lines, 1):
        name = line["field_code"] or "Tổng số"
        place = str(number) if line["field_code"] else ""
        made.add_row(place, name, *(f"{count:,}" for count in line["columns"].values()))
    console.print(made)
