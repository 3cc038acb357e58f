"""Messages as files of the night's folder in the outbox, for whoever passes them on by hand."""

from __future__ import annotations

import datetime as dt
import re

from catalog.errors import MessageUndelivered
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback.channels import Letter

NAME = re.compile(r"[\w-]{1,60}", re.ASCII)


def check(address: str) -> str:
    return "" if NAME.fullmatch(address) else "an address is the first part of a file's name"


def place(address: str) -> str:
    return ""


def send(letter: Letter, to: Recipient, at: dt.datetime) -> None:
    """``<address>.<purpose>.<message_id>.txt`` and ``.html``; sent again, the same files."""
    folder = settings().outbox_dir / str(letter.night)
    stem = f"{to.address}.{letter.purpose}.{letter.message_id}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in (("html", letter.html), ("txt", letter.text)):
            partial = folder / f"{stem}.{ending}.part"
            partial.write_text(content, encoding="utf-8")
            partial.replace(folder / f"{stem}.{ending}")
    except OSError as error:
        raise MessageUndelivered(f"folder: {type(error).__name__}", True) from None
