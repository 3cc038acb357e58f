"""Trying a file before it is sent, and the workbook of failing rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

import pipeline
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source, sources
from feedback.failing import END_VI, Failing, by_rule
from feedback.outcome import COUNTS, Outcome, titles
from feedback.workbook import workbook as written
from motcua.application import AsJson, MaybeOn, app, console, known_source
from motcua.clock import today
from pipeline.failing_rows import failing_of
from pipeline.trial import earlier_nights, try_file

EXAMPLES = 3
"""How many rows are named of each rule."""
OfSource = Annotated[
    str, typer.Option("--source", parser=known_source, metavar="ID", help="Whose file it is.")
]


def _record(source: Source, kind: str) -> str:
    if kind and kind not in source.records:
        known = ", ".join(source.records)
        raise typer.BadParameter(f"{source.source_id} sends no {kind!r}; it sends {known}")
    return kind or source.records[0]


@app.command(rich_help_panel="Onboarding")
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As it would be sent.")],
    source: OfSource,
    record: Annotated[
        str, typer.Option(metavar="KIND", help="What its rows are; else the source's first.")
    ] = "",
    on: MaybeOn = None,
    workbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every failing row to this .xlsx.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try a file before it is sent; store nothing. Exit code 1 unless every row is accepted."""
    declared, night = sources()[source], Night(on or today())
    kind = _record(declared, record)
    with file.open("rb") as content:
        before = earlier_nights(declared, kind, night)
        outcome = try_file(declared, kind, night, file.name, content, before)
    if workbook:
        workbook.write_bytes(written(f"{declared.name_vi}: {file.name}", night, outcome.failing))
    if as_json:
        typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, default=str, indent=1))
    else:
        _print(declared, outcome)
    raise typer.Exit(pipeline.DONE if outcome.is_good else pipeline.SOME_FAILED)


@app.command("workbook", rich_help_panel="Looking")
def source_workbook(
    source: OfSource,
    file: Annotated[Path, typer.Option(help="Where to write it: .xlsx.")],
    on: MaybeOn = None,
) -> None:
    """Write the workbook of a source's failing rows: of one night, or all that still wait."""
    failing = failing_of(source, on)
    title = f"{sources()[source].name_vi}: các dòng dữ liệu cần sửa"
    file.write_bytes(written(title, Night(on or today()), failing))
    console.print(f"{file}: {len(failing)} lines / {len(failing)} dòng", markup=False)


def _print(source: Source, outcome: Outcome) -> None:
    console.print(f"\n{source.name_vi}: {records()[outcome.record].name_vi}", style="bold")
    if outcome.decision == "broken":
        console.print(f"{outcome.problem_vi}: {outcome.problem}", style="red", markup=False)
        return
    for name, title in COUNTS.items():
        console.print(f"  {title}: {getattr(outcome, name)}")
    console.print(f"  Kết luận: {outcome.verdict_vi}")
    if outcome.decision == "hold":
        console.print(f"  {outcome.problem}", markup=False)
    _print_rules(outcome)
    if outcome.unmapped:
        console.print(f"Cột chưa khai báo: {', '.join(outcome.unmapped)}", markup=False)
    if outcome.not_asked:
        names = "; ".join(titles(outcome.not_asked))
        console.print(f"Chưa kiểm tra được, vì cần số liệu các đêm trước: {names}", markup=False)


def _print_rules(outcome: Outcome) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in ("Kết cục", "Cột", "Quy tắc, vì sao, cách sửa", "Ví dụ"):
        table.add_column(title, overflow="fold")
    table.add_column("Dòng", justify="right")
    for count in by_rule(outcome.failing):
        of_rule = (f for f in outcome.failing if (f.rule, f.column) == (count.rule, count.column))
        why = f"{count.title}\n{count.why}\nCách sửa: {count.fix}"
        cells: tuple[Any, ...] = (END_VI[count.end], count.column, why, _places(of_rule))
        table.add_row(*map(escape, cells), str(count.rows))
    if table.row_count:
        console.print(table)


def _places(found: Iterable[Failing]) -> str:
    places = sorted(line.row for line in found if line.row is not None)
    return "\n".join(f"dòng {row}" for row in places[:EXAMPLES])
