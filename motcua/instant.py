"""The instant at which a command acts: now, or in a rehearsal any other."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from catalog.night import LOCAL_ZONE
from catalog.settings import settings
from motcua import clock


def _parsed(text: str) -> dt.datetime:
    try:
        given = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write the time as 2026-11-10T09:00") from None
    return given if given.tzinfo else given.replace(tzinfo=LOCAL_ZONE)


MaybeAt = Annotated[
    dt.datetime | None,
    typer.Option("--at", parser=_parsed, metavar="TIME", help="As if it were then: to rehearse."),
]


def instant(at: dt.datetime | None) -> dt.datetime:
    """`at`, or else now. Outside the demonstration nobody says what time it is: it would open what
    is under embargo."""
    if at is not None and not settings().demo:
        raise typer.BadParameter("--at is for rehearsals, in the demonstration alone")
    return at or clock.now()


def said(at: dt.datetime) -> str:
    """An instant as it is told to people in Viet Nam."""
    return f"{at.astimezone(LOCAL_ZONE):%H:%M %d/%m/%Y}"
