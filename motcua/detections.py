"""Looking: what the detectors found at the sources, in the words of officials."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from catalog.sources import sources
from motcua.application import AsJson, MaybeDay, MaybeSource, app, console, show
from motcua.tables import table
from pipeline import detections as kept
from transforms.detectors import Detector, detectors, fed_by

HEADS = ("Hệ thống\nsource", "Dấu hiệu\nwhat was found")
NUMBERS = ("Hồ sơ\ncases", "Trong số\nof", "Tỷ lệ\nshare", "Ngưỡng\nthreshold")


@app.command(rich_help_panel="Looking")
def detections(
    source: MaybeSource = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what was judged and not found.")
    ] = False,
    as_of: MaybeDay = None,
    as_json: AsJson = False,
) -> None:
    """What sources state that cannot be work as it happened, in the newest release."""
    published = kept.published(as_of)
    rows = [
        row
        for row in (published.to_pylist() if published else [])
        if (every or row["is_found"]) and source in (None, row["source_id"])
    ]
    if as_json:
        show("", rows, as_json)
        return
    if not rows:
        console.print("Không phát hiện dấu hiệu nào. / Nothing was found.")
        return
    console.print(_table(rows))
    for name in dict.fromkeys(row["detector"] for row in rows if row["is_found"]):
        _explain(detectors()[name])


def _table(rows: list[dict[str, Any]]) -> Table:
    made = table(HEADS, NUMBERS)
    for row in rows:
        name = sources()[row["source_id"]].name_vi if row["source_id"] in sources() else ""
        found = f"{detectors()[row['detector']].name_vi}\n{row['detector']}"
        counts = (f"{row[part]:,}" for part in ("cases", "of"))
        shares = (f"{row[part]:.1%}" for part in ("share", "threshold"))
        made.add_row(f"{row['source_id']}\n{name}", found, *counts, *shares)
    return made


def _explain(detector: Detector) -> None:
    """What it means, what it leaves out, and what to mend."""
    console.print(f"\n[b]{detector.name_vi}[/b] ({detector.name})")
    console.print(detector.about.vi, markup=False)
    if detector.column:
        told = ", ".join(fed_by(detector)) or "không chỉ số nào"
        console.print(f"Vì vậy hệ thống không được tính vào: {told}.", markup=False)
    console.print(f"Cần sửa: {detector.fix.vi}", markup=False)
