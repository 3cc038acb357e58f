"""Scores by Decision 766 from the newest release, with the portal's beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow.parquet as pq
import typer

from catalog.areas import NATION
from catalog.codelists import name_of
from catalog.errors import DeclarationError
from motcua.application import console
from motcua.score_table import add_row, score_table
from pipeline.releases import release_folder
from transforms.scores import TOTAL, Rules, rule_sets

Row = dict[str, Any]
KINDS = {
    "": "mọi hồ sơ / all cases together",
    "province": "trung bình các tỉnh / mean of provinces",
    "ministry": "trung bình các bộ / mean of ministries",
}
ONE = (
    "",
    "Chỉ số\nmetric",
    "Tỷ lệ\nratio %",
    "Điểm\npoints",
    "trên\nout of",
    "Cổng nêu\nportal",
    "lệch\ndiff.",
    "",
)


def own_scores(area: str, period: str, rules: str, as_of: dt.date | None) -> list[Row]:
    """The rows of the newest release (of `as_of` or before): of one area all, else the totals and
    groups of all areas; of the newest year where no period is named, and of the rule set in force
    where none is. Empty where nothing is published."""
    folder = release_folder(as_of)
    file = folder / "score.parquet" if folder else None
    if file is None or not file.exists():
        return []
    rows: list[Row] = pq.read_table(file, partitioning=None).to_pylist()
    years = {row["period"] for row in rows if row["period_type"] == "year"}
    wanted = period or max(years, default="")
    of_period = (row for row in rows if row["period"] == wanted)
    by_rules = (r for r in of_period if (r["rules"] == rules if rules else r["is_in_force"]))
    return [row for row in by_rules if (row["area"] == area if area else not row["metric"])]


def show_own(rows: Sequence[Row], area: str) -> None:
    """Print them for a person."""
    if not rows:
        console.print("Chưa có điểm nào được công bố / no such score is published.")
        raise typer.Exit(1)
    first, rules = rows[0], rule_sets()[rows[0]["rules"]]
    title = f"{rules.title_vi} / {rules.title_en} ({rules.name})"
    console.print(f"{first['period']} · {title} · {first['release']}", markup=False)
    if not area:
        _all(rules, rows)
    for mean_of in KINDS if area else ():
        own = [row for row in rows if row["mean_of"] == mean_of]
        if own:
            console.print(f"{area}: {KINDS[mean_of]}" if area == NATION else area, markup=False)
            _one(rules, own)


def _all(rules: Rules, rows: Sequence[Row]) -> None:
    """Totals with their groups, an area a line; never ranked, as something is always missing."""
    groups = [f"{code}\n{group.maximum}" for code, group in rules.groups.items()]
    last = ["Tổng\ntotal", "trên\nout of", "Cổng nêu\nportal", ""]
    table = score_table(["", "", *groups, *last], words=(0, 1, len(groups) + 5))
    known = {(r["area"], r["mean_of"], r["score_group"]): r for r in rows}
    for area, mean_of in dict.fromkeys((r["area"], r["mean_of"]) for r in rows):
        total = known.get((area, mean_of, TOTAL))
        if total is None:
            continue
        scores = [
            _points(known.get((area, mean_of, code), {}).get("score")) for code in rules.groups
        ]
        told = (_points(total["score"]), f"{total['out_of']:g}", _points(total["official"]))
        add_row(table, (area, mean_of, *scores, *told, _why(total)))
    console.print(table)


def _one(rules: Rules, rows: Sequence[Row]) -> None:
    """An area's metrics in the rules' order, each group and the total after its own."""
    table = score_table(ONE, words=(0, 1, len(ONE) - 1))
    known = {(row["score_group"], row["metric"]): row for row in rows}
    for code, group in rules.groups.items():
        for rule in rules.metrics_of(code):
            _line(
                table, rule.number, f"{rule.name_vi}\n{rule.name_en}", known.get((code, rule.code))
            )
        _line(table, group.number, f"{group.name_vi}\n{group.name_en}", known.get((code, "")))
    _line(table, "", "Tổng / total", known.get((TOTAL, "")))
    console.print(table)


def _line(table: Any, number: str, name: str, row: Row | None) -> None:
    if row is None:
        return
    numbers = (
        _points(row["ratio"]),
        _points(row["score"]),
        f"{row['out_of']:g}/{row['maximum']:g}",
    )
    portal = (_points(row["official"]), _points(row["difference"]))
    add_row(table, (number, name, *numbers, *portal, _why(row)))


def _why(row: Row) -> str:
    names = (name_of("score_explanation", row["explanation"], n) for n in ("name_vi", "name_en"))
    return "\n".join(names)


def _points(number: float | None) -> str:
    return "—" if number is None else f"{number:.2f}"


def refuse_both(area: str, period: str) -> None:
    """A file brings its own units and says nothing of periods."""
    if area or period:
        raise DeclarationError("--area, --period", "belong to published scores: leave out FILE")
