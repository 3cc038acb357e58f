"""Scores for a person: all units side by side, or one with each of its metrics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from motcua.application import console
from transforms.scores import Rules

Facts = dict[str, Any]
PARTIAL = "chưa đủ / partial"
METRIC_TITLES = (
    "",
    "Chỉ số\nmetric",
    "Tử số\nnumerator",
    "Mẫu số\ndenominator",
    "Tỷ lệ\nratio %",
    "Điểm\npoints",
    "tối đa\nmax",
    "Cổng nêu\nportal",
    "",
)


def print_scores(rules: Rules, facts: Facts) -> None:
    """Print what `motcua score766` found."""
    until = f" – {rules.valid_to}" if rules.valid_to else ""
    console.print(f"{rules.title_vi} / {rules.title_en} ({rules.name}, {rules.valid_from}{until})")
    _units(rules, facts)
    is_one = len(facts["departments"]) == 1
    for unit in facts["departments"]:
        if is_one:
            _metrics(rules, unit["metrics"])
        _list(f"{unit['code']}: thiếu / missing", unit["missing"], is_one)
        _list(f"{unit['code']}: ngoài bộ chỉ số / unknown", unit["unknown"], is_one)


def _units(rules: Rules, facts: Facts) -> None:
    groups = [f"{code}\n{group.maximum}" for code, group in rules.groups.items()]
    titles = ["Hạng\nrank", "", "Đơn vị\nunit", *groups, "Tổng\ntotal", "trên\nout of"]
    table = score_table([*titles, "Xếp loại\nband"], words=(1, 2, len(titles)))
    for unit in facts["departments"]:
        scores = (_points(group["score"], group["is_partial"]) for group in unit["groups"])
        place = (unit["rank"] or "—", unit["code"], unit["name"])
        add_row(table, (*place, *scores, *_total(unit)))
    if mean := facts["unweighted_mean"]:
        scores = (_points(mean.groups.get(code)) for code in rules.groups)
        name = "Trung bình không trọng số / unweighted mean"
        add_row(table, ("", "", name, *scores, _points(mean.total), "", ""))
    if whole := facts["weighted"]:
        name = "Theo số lượng / weighted by cases"
        add_row(table, ("", "", name, *("" for _ in rules.groups), *_total(whole)))
    console.print(table)


def _total(unit: Facts) -> tuple[str, str, str]:
    names = f"{unit['band']}\n{unit['band_en']}" if unit["band"] else "—"
    band = PARTIAL if unit["is_partial"] and not unit["band"] else names
    return _points(unit["total"], unit["is_partial"]), f"{unit['out_of']}", band


def _metrics(rules: Rules, metrics: Iterable[Facts]) -> None:
    table = score_table(METRIC_TITLES, words=(0, 1, len(METRIC_TITLES) - 1))
    for metric in metrics:
        rule = rules.metrics[metric["code"]]
        counts = (metric["numerator"], metric["denominator"])
        points = (_points(metric["ratio"]), _points(metric["score"]), rule.maximum)
        stated = "" if metric["stated"] is None else _points(metric["stated"])
        name = f"{rule.name_vi}\n{rule.name_en}"
        add_row(table, (rule.number, name, *counts, *points, stated, _why(metric)))
    console.print(table)


def _why(metric: Facts) -> str:
    """The note, and which rule sets give what the portal states where ours does not."""
    if metric["stated"] in (None, metric["score"]):
        return str(metric["note"])
    names = ", ".join(metric["stated_as_by"]) or "không bộ nào / none"
    return f"{metric['note']}\nCổng theo / portal as by: {names}".strip()


def _points(points: Decimal | None, is_partial: bool = False) -> str:
    if points is None:
        return "—"
    return f"{points:.2f}{' *' if is_partial else ''}"


def _list(title: str, codes: Sequence[str], is_told: bool) -> None:
    if codes:
        told = ", ".join(codes) if is_told else str(len(codes))
        console.print(f"{title}: {told}", markup=False, soft_wrap=True)


def score_table(titles: Iterable[str], words: Collection[int]) -> Table:
    """A table whose columns are numbers but for those at the places `words`."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place in words else "right")
    return table


def add_row(table: Table, cells: Iterable[Any]) -> None:
    """Add a line of plain text, whatever marks it holds."""
    table.add_row(*(escape(str(cell)) for cell in cells))
