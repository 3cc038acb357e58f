"""The calendar of releases, and what happens to those that wait for their hour."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Annotated

import typer

from catalog.errors import DeclarationError, PublicationError
from catalog.night import Night
from catalog.release_calendar import planned
from motcua import clock
from motcua.application import AsJson, MaybeOn, console, show
from motcua.instant import MaybeAt, instant, said
from motcua.release import refused, release
from pipeline.vintages import embargo
from publication.calendar import icalendar


@release.command()
def calendar(
    on: MaybeOn = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write it as iCalendar.")] = None,
    as_json: AsJson = False,
) -> None:
    """When the releases of the coming twelve months are public, in the time of Viet Nam."""
    night = Night(on or clock.yesterday())
    if ics:
        ics.write_bytes(icalendar(night))
    rows = [
        {
            "month": release.period,
            "at": release.at.isoformat() if as_json else said(release.at),
            "reason_vi": release.reason_vi,
            "reason_en": release.reason_en,
        }
        for release in planned(night)
    ]
    show("releases to come", rows, as_json)


@release.command("open")
def open_releases(at: MaybeAt = None, as_json: AsJson = False) -> None:
    """Make public every release whose hour has come; `motcua pages` then shows them."""
    try:
        opened = embargo.open_due(instant(at))
    except (PublicationError, DeclarationError) as error:
        raise refused(error) from None
    show("now public", [{"release": name} for name in opened], as_json)


@release.command()
def withdraw(
    name: Annotated[str, typer.Argument(metavar="RELEASE", help="One that waits: 2026.10.1")],
    why: Annotated[str, typer.Option("--why", help="What is wrong with it; kept in a note.")],
    at: MaybeAt = None,
) -> None:
    """Take back a release before it is public. Its number is not used again."""
    if not why.strip():
        raise typer.BadParameter("say why")
    try:
        embargo.withdraw(name, instant(at), _user(), why.strip())
    except (PublicationError, DeclarationError) as error:
        raise refused(error) from None
    console.print(f"{name} is withdrawn")


def _user() -> str:
    """The user of this machine who does it; a number where he has no name here."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
