"""Looking: figures, the ledger, the quarantine."""

from __future__ import annotations

from typing import Annotated

import typer

from catalog.areas import areas
from motcua.application import AsJson, MaybeDay, MaybeOn, MaybeSource, app, console, show
from pipeline.releases import figures, period_type
from pipeline.stores import warehouse
from transforms.indicators import indicators


def _known_indicator(code: str) -> str:
    if code not in indicators():
        raise typer.BadParameter(f"no indicator {code!r}; there are {', '.join(indicators())}")
    return code


def _period(text: str) -> str:
    if not period_type(text):
        raise typer.BadParameter("write 2026, 2026-Q4, 2026-11, 2026-11-22 or all")
    return text


@app.command(rich_help_panel="Looking")
def indicator(
    code: Annotated[str, typer.Argument(parser=_known_indicator, metavar="CODE")],
    area: Annotated[str | None, typer.Option(help="VN, H26, G03, or a unit: H26.01.")] = None,
    period: Annotated[
        str | None,
        typer.Option(parser=_period, metavar="PERIOD", help="Without it, every month."),
    ] = None,
    as_of: MaybeDay = None,
    as_json: AsJson = False,
) -> None:
    """The published figures of one indicator."""
    if area and area.partition(".")[0] not in areas():
        raise typer.BadParameter(f"no area {area!r}")
    rows = figures(code, area, period, as_of)
    show(f"{indicators()[code].name_vi} / {indicators()[code].name_en}", rows, as_json)
    if not as_json:
        open_now = figures("pending_count", area, period or "all", as_of)
        console.print(indicators()[code].still_open.en)
        for row in open_now if area else []:
            console.print(f"Still open in {row['area']} ({row['period']}): {row['numerator']}")


@app.command(rich_help_panel="Looking")
def ledger(on: MaybeOn = None, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """What became of every row that a source sent."""
    columns = ["source_id", "batch_id", "stage", "received", "accepted", "quarantined", "rejected"]
    columns += ["duplicate", "inserted", "updated", "unchanged", "superseded"]
    rows = [{c: row[c] for c in columns} for row in warehouse().ledger(on=on, source_id=source)]
    show("Ledger", rows, as_json)


@app.command(rich_help_panel="Looking")
def quarantine(on: MaybeOn = None, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """Rows turned away: quarantined by a check, or rejected because they cannot be understood."""
    show("Quarantine", warehouse().quarantine(on=on, source_id=source), as_json)
