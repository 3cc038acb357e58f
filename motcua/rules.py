"""Rules: what is checked, which deviations have run out, and what a new check would change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

import pipeline
from catalog.declarations import load_file
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.sources import sources
from expectations.check import Check, check
from expectations.check import checks as declared
from motcua.application import AsJson, MaybeOn, MaybeSource, app, console, show
from motcua.clock import yesterday
from motcua.tables import table
from pipeline.rule_changes import Change, changes, kept
from pipeline.rule_trial import last_night, tried

HEADS = ("Hệ thống\nsource", "Loại\nrecord", "Thí dụ\nexamples")
NUMBERS = {
    "rows": "Dòng\nrows",
    "judged": "Được xét\njudged",
    "newly_refused": "Loại thêm\nnewly refused",
    "newly_let_through": "Cho qua thêm\nnewly let through",
    "warned": "Cảnh báo\nwarned",
}

KINDS = {"new": "Mới / new", "changed": "Đã đổi / changed", "gone": "Đã bỏ / gone"}


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
    rule: Annotated[
        str, typer.Argument(metavar="FILE_OR_ID", help="A check's file, or its id.")
    ] = "",
    changed: Annotated[
        bool, typer.Option("--changed", help="All that differs from what the last night judged by.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many nights back.")] = 90,
    source: MaybeSource = None,
    on: MaybeOn = None,
    as_json: AsJson = False,
) -> None:
    """What a new or changed check would have changed, before it is switched on. Writes nothing.

    With --changed exit code 1 where a check judges otherwise and bears the same version.
    """
    if changed == bool(rule):
        raise typer.BadParameter("name a check's file or id, or give --changed")
    if changed:
        _all_changed(days, source, on, as_json)
        return
    trying = _named(rule)
    last = Night(on) if on else last_night(trying)
    rows = tried(trying, last, days, source)
    if as_json:
        show("", rows, as_json)
        return
    _print(trying, last, days, rows)


def _named(rule: str) -> Check:
    """The check of that id, or in that file. Raises DeclarationError."""
    file = Path(rule)
    if file.suffix not in (".yml", ".yaml"):
        return check(rule)
    if not file.is_file():
        raise DeclarationError(rule, "no such file")
    return load_file(file, Check, check_id=file.stem)


def _all_changed(days: int, source: str | None, on: dt.date | None, as_json: bool) -> None:
    known = kept()
    if known is None:
        console.print("Chưa có đêm nào / no night has judged yet.")
        return
    night, before = known
    found = list(changes(before))
    rows = {change.check_id: _rows(change, Night(on) if on else night, days, source)
            for change in found}  # fmt: skip
    if as_json:
        show("", [_as_dict(change, rows[change.check_id]) for change in found], as_json)
    else:
        console.print(f"{len(found)} quy tắc khác đêm / checks differ from night {night}")
        for change in found:
            fields = f": {', '.join(change.fields)}" if change.fields else ""
            console.print(f"\n{KINDS[change.kind]}{fields}", markup=False)
            _print(change.tried, Night(on) if on else night, days, rows[change.check_id])
            if change.lacks_version:
                console.print("Phải tăng version / its version must be raised.", style="red")
    if any(change.lacks_version for change in found):
        raise typer.Exit(pipeline.SOME_FAILED)


def _rows(
    change: Change, last: Night, days: int, source: str | None
) -> list[dict[str, Any]] | None:
    """What it would have changed; None where only words differ or its facts are not rows."""
    if not change.is_judging or change.tried.scope != "row":
        return None
    rows = tried(change.tried, last, days, source)
    return [row | {"warned": 0} for row in rows] if change.kind == "gone" else rows


def _as_dict(change: Change, rows: list[dict[str, Any]] | None) -> dict[str, Any]:
    told = {name: getattr(change, name) for name in ("check_id", "kind", "lacks_version")}
    return {**told, "fields": list(change.fields), "tried": rows}


def _print(trying: Check, last: Night, days: int, rows: list[dict[str, Any]] | None) -> None:
    console.print(f"{trying.check_id}: {trying.title_vi} / {trying.title_en}", style="bold")
    if rows is None:
        console.print("Không có dòng nào để thử / there are no rows to try.")
        return
    console.print(f"{days} đêm đến / nights through {last}")
    made = table(HEADS, tuple(NUMBERS.values()))
    for row in rows:
        examples = ", ".join([*row["refused_examples"], *row["let_through_examples"]])
        made.add_row(row["source_id"], row["record"], examples, *(f"{row[n]:,}" for n in NUMBERS))
    console.print(made)
    changed = sum(row["newly_refused"] + row["newly_let_through"] for row in rows)
    console.print(f"{changed:,} dòng đổi kết quả / rows would have ended otherwise.")
