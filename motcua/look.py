"""Looking: figures, the ledger, the quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from catalog.area_changes import area_changes
from catalog.areas import areas, former
from catalog.codelists import name_of
from motcua.application import AsJson, MaybeDay, MaybeOn, MaybeSource, app, console, show
from motcua.tables import NOTHING, table, written
from pipeline.releases import figures, period_type
from pipeline.stores import warehouse
from transforms.indicators import Borders, Indicator, indicators

Rows = Sequence[dict[str, Any]]
ENDS = {
    "received": ("collect", "Nhận\nrecvd"),
    "rejected": ("conform", "Loại\nrej."),
    "duplicate": ("conform", "Trùng\ndup."),
    "quarantined": ("judge", "C.ly\nquar."),
    "inserted": ("merge", "Mới\nnew"),
    "updated": ("merge", "Đổi\nupd."),
    "unchanged": ("merge", "Như cũ\nsame"),
    "superseded": ("merge", "Cũ hơn\nolder"),
}
"""How a row can end: at which stage, and the head of its column."""


def _known_indicator(code: str) -> str:
    if code not in indicators():
        raise typer.BadParameter(f"no indicator {code!r}; there are {', '.join(indicators())}")
    return code


def _period(text: str) -> str:
    if not period_type(text):
        raise typer.BadParameter("write 2026, 2026-Q4, 2026-11, 2026-11-22 or all")
    return text


def _names() -> dict[str, str]:
    """The areas on either borders by code."""
    return {area.code: area.name_vi for area in (*areas().values(), *former())}


@app.command(rich_help_panel="Looking")
def indicator(
    code: Annotated[str, typer.Argument(parser=_known_indicator, metavar="CODE")],
    area: Annotated[str | None, typer.Option(help="VN, H26, G03, or a unit: H26.01.")] = None,
    period: Annotated[
        str | None,
        typer.Option(parser=_period, metavar="PERIOD", help="Without it, every month."),
    ] = None,
    as_of: MaybeDay = None,
    borders: Annotated[Borders, typer.Option(help="As restated (34), or as reported.")] = "34",
    as_json: AsJson = False,
) -> None:
    """The published figures of one indicator."""
    if area and area.partition(".")[0] not in _names():
        raise typer.BadParameter(f"no area {area!r}")
    rows = figures(code, area, period, as_of, borders)
    if as_json:
        show("", rows, as_json)
        return
    told = indicators()[code]
    console.print(_figures_table(told, rows))
    for mark in _marks(rows):
        console.print(mark, markup=False)
    console.print(f"{told.still_open.vi} / {told.still_open.en}")
    open_now = figures("pending_count", area, period or "all", as_of, borders)
    for row in open_now if area and told.record == "dossier" else []:
        count = written(row["numerator"], "count")
        console.print(f"Đang giải quyết / still open, {area} ({row['period']}): {count}")


def _figures_table(told: Indicator, rows: Rows) -> Table:
    """The figures, and above them what all of them share: name, code, definition, release."""
    of = {f"{told.code} v{row['definition_version']}, {row['release']}" for row in rows}
    counts = ("Tử số\nnumerator", "Mẫu số\ndenominator", "Giá trị\nvalue", "Độ phủ\ncoverage")
    title = "\n".join((f"{told.name_vi} / {told.name_en}", *sorted(of)))
    names = _names()
    made = table(("Địa bàn\narea", "", "Kỳ\nperiod"), (*counts, "Tình trạng\nstatus"), title)
    for row in rows:
        parts = (written(row[name], "count") for name in ("numerator", "denominator"))
        value, coverage = written(row["value"], told.unit), written(row["coverage"], "share")
        place = (row["area"], names.get(row["area"], ""), row["period"])
        made.add_row(*place, *parts, value, coverage, _status(row))
    return made


def _status(row: dict[str, Any]) -> str:
    """The status; without a value also why."""
    why = name_of("no_value", row["reason"]) if row["reason"] else ""
    return f"{row['status']}\n{why}" if why else str(row["status"])


def _marks(rows: Rows) -> Iterator[str]:
    """What happened to the areas shown and is not restated, as of the release."""
    shown = {row["area"]: row["release"][-10:] for row in rows}
    for change in area_changes():
        release = max(shown.get(code, "") for code in (change.from_code, change.to_code))
        if not change.is_whole and change.on.isoformat() <= release:
            moved = f"{change.from_code} → {change.to_code}, {change.on}"
            part = f" ({change.weight})" if change.weight else ""
            told = f"Một phần {moved}{part}, chưa quy đổi / a part, not restated"
            yield f"{told}: {change.legal_basis}"


@app.command(rich_help_panel="Looking")
def ledger(on: MaybeOn = None, source: MaybeSource = None, as_json: AsJson = False) -> None:
    """What became of every row that a source sent."""
    columns = ["source_id", "batch_id", "stage", "received", "accepted", "quarantined", "rejected"]
    columns += ["duplicate", "inserted", "updated", "unchanged", "superseded"]
    rows = warehouse().ledger(on=on, source_id=source)
    if as_json:
        show("", [{c: row[c] for c in columns} for row in rows], as_json)
        return
    console.print(_ledger_table(rows))
    for row in rows:
        if row["problem"] and row["verdict"] != "quarantined":
            told = f"{row['batch_id']} {row['stage']} {row['verdict']}: {row['problem']}"
            console.print(told, markup=False)


def _ledger_table(rows: Rows) -> Table:
    """A line for each batch; a stage that it has not passed has no numbers."""
    made = table(("Lô\nbatch",), [head for _, head in ENDS.values()])
    by_stage = {(row["batch_id"], row["stage"]): row for row in rows}
    for batch_id in dict.fromkeys(row["batch_id"] for row in rows):
        stages = ((name, by_stage.get((batch_id, stage))) for name, (stage, _) in ENDS.items())
        made.add_row(batch_id, *(str(row[name]) if row else NOTHING for name, row in stages))
    return made
