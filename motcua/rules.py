"""Rules: what is checked, which deviations have run out, and what a new check would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.declarations import load_file
from catalog.night import Night
from catalog.sources import sources
from expectations.check import Check, check
from expectations.check import checks as declared
from motcua.application import AsJson, MaybeOn, MaybeSource, app, console, show
from motcua.clock import yesterday
from motcua.tables import table
from pipeline.rule_trial import last_night, tried

HEADS = ("Hệ thống\nsource", "Loại\nrecord", "Thí dụ\nexamples")
NUMBERS = {
    "rows": "Dòng\nrows",
    "judged": "Được xét\njudged",
    "newly_refused": "Loại thêm\nnewly refused",
    "newly_let_through": "Cho qua thêm\nnewly let through",
    "warned": "Cảnh báo\nwarned",
}


@app.command(rich_help_panel="Looking")
def checks(
    expired: Annotated[
        bool, typer.Option("--expired", help="Accepted deviations that have run out instead.")
    ] = False,
    on: MaybeOn = None,
    as_json: AsJson = False,
) -> None:
    """Every check with what it is about and who must act."""
    if not expired:
        show("Kiểm tra / checks", [_told(one) for one in declared().values()], as_json)
        return
    day = on or yesterday()
    rows = [
        {"source": source.source_id, "check": name, "until": str(deviation.until),
         "reason": deviation.reason}
        for source in sources().values()
        for name, deviation in source.accepted_deviations.items()
        if deviation.until and deviation.until < day
    ]  # fmt: skip
    show(f"Hết hạn trước {day} / expired before {day}", rows, as_json)


def _told(one: Check) -> dict[str, Any]:
    names = ("check_id", "version", "scope", "severity", "responsibility", "dimension", "missing")
    told = {name: getattr(one, name) for name in names}
    return {**told, "records": ", ".join(one.records), "title": f"{one.title_vi} / {one.title_en}"}


@app.command(rich_help_panel="Sources")
def check_rule(
    rule: Annotated[str, typer.Argument(metavar="FILE_OR_ID", help="A check's file, or its id.")],
    days: Annotated[int, typer.Option(min=1, max=400, help="How many nights back.")] = 90,
    source: MaybeSource = None,
    on: MaybeOn = None,
    as_json: AsJson = False,
) -> None:
    """What a new or changed check would have changed, before it is switched on. Writes nothing."""
    file = Path(rule)
    trying = load_file(file, Check, check_id=file.stem) if file.suffix == ".yml" else check(rule)
    last = Night(on) if on else last_night(trying)
    rows = tried(trying, last, days, source)
    if as_json:
        show("", rows, as_json)
        return
    console.print(f"{trying.check_id}: {trying.title_vi} / {trying.title_en}", style="bold")
    console.print(f"{days} đêm đến / nights through {last}")
    made = table(HEADS, tuple(NUMBERS.values()))
    for row in rows:
        examples = ", ".join([*row["refused_examples"], *row["let_through_examples"]])
        made.add_row(row["source_id"], row["record"], examples, *(f"{row[n]:,}" for n in NUMBERS))
    console.print(made)
    changed = sum(row["newly_refused"] + row["newly_let_through"] for row in rows)
    console.print(f"{changed:,} dòng đổi kết quả / rows would have ended otherwise.")
