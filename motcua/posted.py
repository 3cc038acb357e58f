"""What a night told the provinces, as the end of the night shows it: the mail, and one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from catalog.areas import areas
from feedback.messages.rendering import DEMO
from feedback.preferences import preferences
from motcua.clock import today
from motcua.messages import mails
from pipeline import links
from pipeline.messages import message_log

NEWEST = 3


def posted(on: dt.date) -> dict[str, Any]:
    """How many messages of the demonstration are in its mailbox, the newest subjects, and the page
    of the area that the night told most."""
    subjects = [mail["subject"] for mail in mails() if mail["subject"].startswith(DEMO)]
    told = message_log().of_night(on)
    most = max(told, key=lambda row: len(row["items"]), default={"area": min(preferences())})
    area = str(most["area"])
    page = {"area": area, "name_vi": areas()[area].name_vi, "address": links.of_page(area, today())}
    return {"mails": len(subjects), "newest": subjects[: -NEWEST - 1 : -1], "page": page}


def lines(facts: dict[str, Any]) -> Iterator[str]:
    """The same to be read, and how to see more."""
    yield f"{facts['mails']} {DEMO}messages are in the mailbox; to see them: motcua mailbox"
    yield from (f"  {subject}" for subject in facts["newest"])
    page = facts["page"]
    yield f"The page of {page['name_vi']}, while motcua serve runs: {page['address']}"
