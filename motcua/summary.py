"""The end of a night, as a person wants to read it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

import pipeline
from catalog.areas import areas
from catalog.night import Night
from catalog.settings import settings
from motcua.application import console
from pipeline.releases import figures, release_id
from pipeline.stores import warehouse

HEADLINES = {
    "online_submission_share": "Trực tuyến\nonline",
    "on_time_rate": "Đúng hạn\non time",
    "online_payment_share": "Trả phí TT\npaid onl.",
    "digitised_share": "Số hóa\ndigitised",
    "satisfaction_rating_share": "Hài lòng\nsatisfied",
    "overdue_count": "Quá hạn\noverdue",
}
COUNTS = ("received", "accepted", "quarantined", "rejected", "duplicate")
CHANGES = ("inserted", "updated", "unchanged", "superseded")


def summary(on: dt.date) -> dict[str, Any]:
    """What the night brought: sources by how they ended, ledger sums, headlines, where it lies."""
    ledger = warehouse().ledger(on=on)
    due = [source.source_id for source in pipeline.due_sources(on)]
    missing = [source for source in due if not pipeline.is_merged(source, on)]
    return {
        "on": str(on),
        "outcome": pipeline.outcome(on),
        "sources": {"due": len(due), "merged": len(due) - len(missing), "not_merged": missing},
        "problems": [
            f"{row['batch_id']}: {row['problem']}"
            for row in ledger
            if row["problem"] and row["verdict"] in ("failed", "held")
        ],
        "ledger": {
            stage: {c: sum(r[c] for r in ledger if r["stage"] == stage) for c in COUNTS + CHANGES}
            for stage in ("collect", "conform", "judge", "merge")
        },
        "headlines": _headlines(f"{on:%Y-%m}"),
        "published": {
            "release": release_id(Night(on)),
            "files": str(settings().published_dir / "latest"),
            "notices": str(settings().outbox_dir / str(on)),
            "warehouse": warehouse().address,
        },
    }


def _headlines(month: str) -> list[dict[str, Any]]:
    found = {(row["area"], code): row for code in HEADLINES for row in figures(code, period=month)}
    places = sorted({area for area, _ in found}, key=lambda a: (a != "VN", a))
    return [
        {
            "area": area,
            "name_vi": areas()[area].name_vi,
            "month": month,
            **{code: found.get((area, code), {}).get("value") for code in HEADLINES},
            "coverage": found.get((area, "online_submission_share"), {}).get("coverage"),
        }
        for area in places
    ]


def print_summary(facts: dict[str, Any], as_json: bool) -> None:
    """Print the summary for a program, or as three tables and the addresses."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    console.print(_headline_table(facts["headlines"]))
    console.print(_ledger_table(facts["ledger"]))
    sources = facts["sources"]
    console.print(f"Night {facts['on']}: {sources['merged']} of {sources['due']} sources merged.")
    for problem in facts["problems"]:
        console.print(f"[yellow]{problem}[/yellow]")
    for name, place in facts["published"].items():
        console.print(f"{name:>10}: {place}", soft_wrap=True)


def _share(value: float | None, code: str) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if code.endswith("_count") else f"{value:.1%}"


def _headline_table(rows: list[dict[str, Any]]) -> Table:
    month = rows[0]["month"] if rows else ""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("")
    table.add_column(f"Tháng {month}", max_width=20, no_wrap=True)
    for title in (*HEADLINES.values(), "Độ phủ\ncoverage"):
        table.add_column(title, justify="right")
    for row in rows:
        cells = [_share(row[code], code) for code in HEADLINES]
        table.add_row(row["area"], row["name_vi"], *cells, _share(row["coverage"], ""))
    return table


def _ledger_table(stages: dict[str, dict[str, int]]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("ledger")
    for title in COUNTS + CHANGES:
        table.add_column(title, justify="right", no_wrap=True)
    for stage, counts in stages.items():
        table.add_row(stage, *(f"{counts[c]:,}" for c in COUNTS + CHANGES))
    return table
