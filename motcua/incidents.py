"""Incidents: what each province is asked to mend, how it has lived, and the answers to it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Annotated, Any, Literal, get_args

import typer

from catalog.areas import areas
from catalog.errors import ActionRefused
from catalog.incidents import Action, Event, Incident, State
from feedback.tasks import is_task
from feedback.told import STATES_VI, owner_vi, told
from motcua.application import AsJson, MaybeSource, app, console, parse_day, show
from motcua.instant import MaybeAt, instant
from motcua.tables import table
from pipeline.incidents import act
from pipeline.incidents import incidents as kept

NOT_FIXED = tuple(state for state in get_args(State) if state != "fixed")
incident = typer.Typer(no_args_is_help=True, help="One incident: show it, or answer it.")
app.add_typer(incident, name="incident", rich_help_panel="Looking")
Id = Annotated[str, typer.Argument(metavar="ID", help="As listed by: motcua incidents")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="A role or a name of the office.")]
Why = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")]
Until = Annotated[
    dt.date,
    typer.Option("--until", parser=parse_day, metavar="DATE", help="The last day that it holds."),
]


def _known_state(text: str) -> str:
    if text not in get_args(State):
        raise typer.BadParameter(f"one of {', '.join(get_args(State))}")
    return text


@app.command(rich_help_panel="Looking")
def incidents(
    source: MaybeSource = None,
    state: Annotated[
        str | None,
        typer.Option("--state", parser=_known_state, metavar="STATE", help="By default not fixed."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What the provinces are asked to mend: one line for each cause."""
    wanted = (state,) if state else NOT_FIXED
    found = [i for i in kept().read(source_id=source) if i.state in wanted]
    if as_json:
        show("", [_plain(i) for i in found], as_json)
        return
    if not found:
        console.print("Không có việc nào. / There are none.")
        return
    words = ("Việc cần sửa\nincident", "Nội dung\nwhat", "Tình trạng\nstate")
    made = table(words, ("Dòng\nrows", "Từ đêm\nsince"))
    for one in found:
        made.add_row(one.incident_id, _title(one), _state(one), f"{one.rows:,}", str(one.opened_on))
    console.print(made)


def known_incident(incident_id: str) -> Incident:
    """The incident as it stands now."""
    found = kept().one(incident_id)
    if found is None:
        raise typer.BadParameter(f"no incident {incident_id!r}; see: motcua incidents")
    return found


@incident.command("show")
def show_one(incident_id: Id, as_json: AsJson = False) -> None:
    """One incident, and everything that happened to it."""
    found = known_incident(incident_id)
    events = kept().events(incident_id)
    if as_json:
        told = {**_plain(found), "events": [asdict(event) for event in events]}
        typer.echo(json.dumps(told, ensure_ascii=False, default=str, indent=1))
        return
    _tell(found)
    for event in events:
        console.print(_line(event), markup=False)


@incident.command()
def acknowledge(id_: Id, by: By, until: Until, note: Why = "", at: MaybeAt = None) -> None:
    """The province knows, and will have it mended by that day: no reminders until then."""
    _answer(id_, "acknowledged", by, note, until, at)


@incident.command()
def dispute(id_: Id, by: By, note: Why, at: MaybeAt = None) -> None:
    """The province says that the data is right: it stays until it is fixed or accepted."""
    _answer(id_, "disputed", by, note, None, at)


@incident.command()
def accept(id_: Id, by: By, note: Why, until: Until, at: MaybeAt = None) -> None:
    """The office allows the deviation through that day."""
    _answer(id_, "accepted", by, note, until, at)


def _answer(
    incident_id: str,
    kind: Literal["acknowledged", "disputed", "accepted"],
    by: str,
    note: str,
    until: dt.date | None,
    at: dt.datetime | None,
) -> None:
    try:
        _tell(act(Action(incident_id, kind, instant(at), by, note, until)))
    except ActionRefused as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        console.print(error.message_vi)
        raise typer.Exit(2) from None


def _tell(found: Incident) -> None:
    area = areas()[found.fingerprint.area].name_vi
    lines = [
        found.incident_id,
        f"{area}: {_title(found)}",
        f"{_state(found)}, {found.rows:,} dòng, thấy lần đầu {found.first_seen}",
        f"Đầu mối / owner: {owner_vi(found.fingerprint.source_id) or '–'}",
    ]
    if found.by:
        until = f" đến hết {found.until}" if found.until else ""
        lines.append(f"{found.by}{until}: {found.note}")
    if found.inhibited_by:
        lines.append(f"Bị che bởi / hidden by {found.inhibited_by}")
    for line in lines:
        console.print(line, markup=False)


def _state(found: Incident) -> str:
    """The state in words; a warning is marked as such."""
    mark = "" if found.severity == "error" else ", cảnh báo / warning"
    return f"{STATES_VI[found.state]} / {found.state}{mark}"


def _title(found: Incident) -> str:
    mark = found.fingerprint
    return told(mark.rule, mark.record).of_column(mark.column)


def _line(event: Event) -> str:
    until = f" đến hết {event.until}" if event.until else ""
    said = f"  {event.by}{until}: {event.note}" if event.by else ""
    return f"{event.night}  {event.kind:<12} {event.rows:>8,}{said}"


def _plain(found: Incident) -> dict[str, Any]:
    """As JSON: the mark's parts beside the rest, and whether it is the province's task now."""
    row = asdict(found)
    return {
        "incident_id": found.incident_id, **row.pop("fingerprint"), **row,
        "is_task": is_task(found), "owner": owner_vi(found.fingerprint.source_id),
    }  # fmt: skip
