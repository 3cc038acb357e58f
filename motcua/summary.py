"""The end of a night, as a person wants to read it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import typer
from rich.table import Table

import pipeline
from catalog.areas import NATION, areas
from catalog.night import Night
from catalog.settings import settings
from motcua.application import console
from motcua.posted import lines, posted
from motcua.tables import table, written
from pipeline.pages import front_page
from pipeline.releases import figures, release_id
from pipeline.stores import warehouse
from transforms.indicators import indicators

OF_THE_NATION = (
    "online_submission_share",
    "end_to_end_service_count",
    "procedures_published_count",
    "on_time_rate",
    "apology_share",
    "satisfaction_rating_share",
    "sipas_score",
    "petition_on_time_rate",
    "postal_receipt_share",
    "one_stop_desk_count",
    "merged_portal_count",
    "portal_account_count",
    "electronic_document_share",
    "regulations_cut_count",
)
"""One headline for each system of the reform."""
OF_AREAS = {
    "online_submission_share": "Trực tuyến\nonline",
    "on_time_rate": "Đúng hạn\non time",
    "online_payment_share": "Trả phí TT\npaid onl.",
    "digitised_share": "Số hóa\ndigitised",
    "satisfaction_rating_share": "Hài lòng\nsatisfied",
    "overdue_count": "Quá hạn\noverdue",
}
COUNTS = ("received", "accepted", "quarantined", "rejected", "duplicate")
CHANGES = ("inserted", "updated", "unchanged", "superseded")
COVERAGE = "Độ phủ\ncoverage"


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
        "nation": [_newest(code, on) for code in OF_THE_NATION],
        "headlines": _headlines(on),
        "posted": posted(on),
        "published": {
            "release": release_id(Night(on)),
            "site": str(front_page()),
            "files": str(settings().published_dir / "latest"),
            "notices": str(settings().outbox_dir / str(on)),
            "mailbox": str(settings().mailbox_dir),
            "warehouse": warehouse().address,
        },
    }


def _newest(code: str, on: dt.date) -> dict[str, Any]:
    """The nation's figure for the newest month (or quarter, or year) that has a number."""
    indicator = indicators()[code]
    known = [row for row in figures(code, NATION, as_of=on) if row["value"] is not None]
    newest = max(known, key=lambda row: str(row["period"]), default={})
    told = ("period", "numerator", "denominator", "value", "coverage", "status")
    names = {"name_vi": indicator.name_vi, "name_en": indicator.name_en, "unit": indicator.unit}
    return {"indicator": code, **names, **{name: newest.get(name) for name in told}}


def _headlines(on: dt.date) -> list[dict[str, Any]]:
    month = f"{on:%Y-%m}"
    found = {
        (row["area"], code): row
        for code in OF_AREAS
        for row in figures(code, period=month, as_of=on)
    }
    places = sorted({area for area, _ in found}, key=lambda a: (a != NATION, a))
    return [
        {
            "area": area,
            "name_vi": areas()[area].name_vi,
            "month": month,
            **{code: found.get((area, code), {}).get("value") for code in OF_AREAS},
            "coverage": found.get((area, "online_submission_share"), {}).get("coverage"),
        }
        for area in places
    ]


def print_summary(facts: dict[str, Any], as_json: bool) -> None:
    """Print the summary for a program, or as three tables and the addresses."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    console.print(_nation_table(facts["nation"]))
    console.print(_area_table(facts["headlines"]))
    console.print(_ledger_table(facts["ledger"]))
    sources = facts["sources"]
    console.print(f"Night {facts['on']}: {sources['merged']} of {sources['due']} sources merged.")
    for problem in facts["problems"]:
        console.print(f"[yellow]{problem}[/yellow]")
    for name, place in facts["published"].items():
        console.print(f"{name:>10}: {place}", soft_wrap=True)
    for line in lines(facts["posted"]):
        console.print(line, markup=False, soft_wrap=True)


def _nation_table(rows: list[dict[str, Any]]) -> Table:
    made = table(("Cả nước", "The nation"), ("Kỳ\nperiod", "Giá trị\nvalue", COVERAGE))
    for row in rows:
        figure = (row["period"] or "", written(row["value"], row["unit"]))
        made.add_row(row["name_vi"], row["name_en"], *figure, written(row["coverage"], "share"))
    return made


def _area_table(rows: list[dict[str, Any]]) -> Table:
    month = rows[0]["month"] if rows else ""
    made = table(("", f"Tháng {month}\nmonth {month}"), (*OF_AREAS.values(), COVERAGE))
    for row in rows:
        cells = [written(row[code], indicators()[code].unit) for code in OF_AREAS]
        made.add_row(row["area"], row["name_vi"], *cells, written(row["coverage"], "share"))
    return made


def _ledger_table(stages: dict[str, dict[str, int]]) -> Table:
    made = table(("ledger",), COUNTS + CHANGES)
    for stage, counts in stages.items():
        made.add_row(stage, *(f"{counts[c]:,}" for c in COUNTS + CHANGES))
    return made
