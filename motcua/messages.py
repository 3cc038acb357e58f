"""Messages: what was told to whom and whether it arrived; the demonstration's mailbox."""

from __future__ import annotations

import email.policy
import mailbox as boxes
from email.parser import BytesParser
from typing import Any

import typer

from catalog.night import Night
from catalog.settings import settings
from motcua.application import AsJson, app, show
from motcua.clock import now
from pipeline import messages as told

log = typer.Typer(invoke_without_command=True, help="What the areas were told, and the deliveries.")
app.add_typer(log, name="messages", rich_help_panel="Looking")


@log.callback()
def messages(context: typer.Context, as_json: AsJson = False) -> None:
    """What the areas were told, and what became of it at each address; newest night first."""
    if context.invoked_subcommand is None:
        rows = told.message_log().deliveries()
        show("Thông báo / messages", rows if as_json else list(map(_brief, rows)), as_json)


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """What has room in a terminal; JSON has it all."""
    brief = {"night": row["told_on"], "area": row["area"], "purpose": row["purpose"]}
    to = f"{row['channel']}: {row['address']}" if row["channel"] else "not tried yet"
    return brief | {"told": row["told"], "to": to, "delivered": row["delivered_at"] is not None}


@log.command()
def send(as_json: AsJson = False) -> None:
    """Try again what has not been delivered; 1 if some of it still is not."""
    waiting = told.message_log().undelivered()
    tried = {"delivered": 0, "undelivered": 0}
    if waiting:
        tried = told.send(Night(max(row["told_on"] for row in waiting)), now)
    show("", [tried], as_json)
    raise typer.Exit(int(tried["undelivered"] > 0))


@app.command(rich_help_panel="Looking")
def mailbox(as_json: AsJson = False) -> None:
    """The mail of the demonstration, oldest first."""
    show(str(settings().mailbox_dir), mails(), as_json)


def mails() -> list[dict[str, Any]]:
    """To whom, when and about what; nothing where no mail was written."""
    if not settings().mailbox_dir.exists():
        return []
    box = boxes.Maildir(settings().mailbox_dir, create=False)
    parser = BytesParser(policy=email.policy.default)
    read = [parser.parsebytes(box.get_bytes(key), headersonly=True) for key in box.keys()]  # noqa: SIM118
    found = [
        {"at": mail["Date"].datetime.isoformat(), "to": mail["To"], "subject": mail["Subject"]}
        for mail in read
    ]
    return sorted(found, key=lambda mail: (mail["at"], mail["to"], mail["subject"]))
