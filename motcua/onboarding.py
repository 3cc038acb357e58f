"""Onboarding: who must report, a source never seen before, a rehearsal, an empty return."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

import pipeline
from catalog.areas import areas_of
from catalog.errors import DeclarationError, SourceError
from catalog.night import Night
from catalog.records import sent_records
from catalog.settings import settings
from catalog.sources import Source
from catalog.sources import sources as all_sources
from motcua.application import AsJson, MaybeOn, SourceId, app, console, show
from motcua.clock import yesterday
from motcua.proposal import print_proposal
from motcua.rehearsal import print_rehearsal
from pipeline.onboarding.members import compare, read_members
from pipeline.onboarding.proposal import propose
from pipeline.onboarding.sample import read_sample
from pipeline.onboarding.writing import source_file
from pipeline.rehearsal import rehearse
from pipeline.return_template import write_template

PANEL = "Onboarding"
one_source = typer.Typer(help="One source: show it, propose a new one, compare with the exchange.")
app.add_typer(one_source, name="source", rich_help_panel=PANEL)


def _facts(source: Source) -> dict[str, Any]:
    """A line of the register: who reports what for whom, by which law, how often, since when."""
    volumes = (f"{kind} {v.floor}-{v.ceiling}" for kind, v in source.volume.items())
    return {
        "source_id": source.source_id,
        "area": source.area,
        "name_vi": source.name_vi,
        "platform": source.platform,
        "records": ", ".join(source.records),
        "reports_for": ", ".join(source.reports_for or [source.area]),
        "areas": len(areas_of(source)),
        "frequency": source.frequency,
        "volume": "; ".join(volumes),
        "starts_on": source.starts_on,
        "ends_on": source.ends_on,
        "owner": source.owner,
        "contact": source.contact,
        "legal_basis": source.legal_basis,
    }


@app.command(rich_help_panel=PANEL)
def sources(on: MaybeOn = None, as_json: AsJson = False) -> None:
    """Every system that must report; with --on, only those that must report that day."""
    rows = [_facts(s) for s in all_sources().values() if on is None or s.is_due(on)]
    brief = ["source_id", "reports_for", "platform", "records", "frequency"]
    shown = rows if as_json else [{column: row[column] for column in brief} for row in rows]
    show("Sources" if on is None else f"Sources that must report on {on}", shown, as_json)


@one_source.command("show")
def show_source(source: SourceId, as_json: AsJson = False) -> None:
    """All that is declared about who reports, what, for whom, since when, and by which law."""
    facts = _facts(all_sources()[source])
    rows = [facts] if as_json else [{"": name, source: value} for name, value in facts.items()]
    show(source, rows, as_json)


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise typer.BadParameter("an id is small letters, digits and _: ha_noi")
    return text


def _known_record(text: str) -> str:
    if text not in sent_records():
        known = ", ".join(sent_records())
        raise typer.BadParameter(f"no record kind {text!r}; there are {known}")
    return text


@one_source.command("new")
def new_source(
    sample: Annotated[Path, typer.Argument(help="A CSV, XLSX, zip or JSON file of its rows.")],
    source_id: Annotated[
        str, typer.Option("--id", parser=_slug, metavar="ID", help="The name of its file.")
    ],
    area: Annotated[str, typer.Option(help="Who runs it: H26, G03, or X-... for a new area.")],
    platform: Annotated[str, typer.Option(help="How it speaks.")] = "manual_drop",
    record: Annotated[
        str, typer.Option(parser=_known_record, metavar="KIND", help="What its rows are.")
    ] = "dossier",
    encoding: str = "utf-8",
    delimiter: str = ",",
    zone: Annotated[str, typer.Option(help="Whose clock its times are, where they say none.")] = "",
    name: Annotated[str, typer.Option(help="Its official name.")] = "",
    starts_on: Annotated[str, typer.Option(help="From which day it must report.")] = "",
    frequency: str = "",
    legal_basis: Annotated[str, typer.Option(help="By which law it reports.")] = "",
    owner: str = "",
    file: Annotated[Path | None, typer.Option(help="Where to write the draft.")] = None,
) -> None:
    """Propose a source file from a sample of its rows. What only a person can know stays TODO."""
    file = file or settings().sources_dir / f"{source_id}.draft.yaml"
    if file.exists() or file.with_name(f"{source_id}.yml").exists():
        raise typer.BadParameter(f"{source_id} is there already")
    given = {"name_vi": name, "starts_on": starts_on, "legal_basis": legal_basis, "owner": owner}
    source = _declared(
        source_id, area=area, platform=platform, encoding=encoding, delimiter=delimiter
    )
    try:
        found = read_sample(source, record, sample)
    except SourceError as error:
        raise _told(error) from None
    plan = propose(sent_records()[record], found.rows, found.columns, zone)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source_file(source, plan, {**given, "frequency": frequency}), encoding="utf-8")
    print_proposal(plan, file)


def _declared(source_id: str, **facts: str) -> Source:
    unknown = {"name_vi": "?", "legal_basis": "?", "starts_on": "9999-01-01"}
    try:
        return Source.model_validate({"source_id": source_id, **unknown, **facts})
    except ValueError:
        raise typer.BadParameter("no such area, encoding or delimiter") from None


@one_source.command("diff")
def diff_members(
    members: Annotated[str, typer.Argument(help="A URL or file: JSON, CSV or shared-params.xml.")],
    on: MaybeOn = None,
    as_json: AsJson = False,
) -> None:
    """Compare the declared sources with the members of an exchange; exit code 1 if they differ."""
    day = on or yesterday()
    due = {i: source for i, source in all_sources().items() if source.is_due(day)}
    try:
        rows = compare(read_members(members), due, str(day))
    except SourceError as error:
        raise _told(error) from None
    if rows or as_json:
        show(f"Members and sources on {day}", rows, as_json)
    else:
        console.print(f"Không có khác biệt / no difference ({len(due)} sources, {day})")
    raise typer.Exit(pipeline.SOME_FAILED if rows else pipeline.DONE)


@app.command("try", rich_help_panel=PANEL)
def try_source(source: SourceId, on: MaybeOn = None, as_json: AsJson = False) -> None:
    """Collect, conform and judge one source; write nothing."""
    try:
        rows = rehearse(all_sources()[source], Night(on or yesterday()))
    except (SourceError, DeclarationError) as error:
        raise _told(error) from None
    if as_json:
        show("", rows, as_json)
    else:
        print_rehearsal(source, rows)


@app.command(rich_help_panel=PANEL)
def return_template(
    source: SourceId,
    period: Annotated[str, typer.Option(help="2026, 2026-Q4 or 2026-10, as the source reports.")],
    file: Annotated[Path, typer.Option(help="Where to write it: .xlsx or .csv.")],
) -> None:
    """Write the empty form of a statistical return, one line for each figure and area."""
    try:
        count = write_template(all_sources()[source], period, file)
    except DeclarationError as error:
        raise typer.BadParameter(str(error)) from None
    console.print(f"{file}: {count} lines to fill in / {count} dòng cần điền")


def _told(error: SourceError | DeclarationError) -> typer.Exit:
    console.print(f"{error}", style="red", markup=False)
    console.print(error.message_vi)
    return typer.Exit(pipeline.SOME_FAILED)
