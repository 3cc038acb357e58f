"""How the people of an area want to be told what is wrong with their data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from catalog.declarations import Declaration

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""In the order of `datetime.date.weekday`."""


class Recipient(Declaration):
    """Where messages go: a module of ``feedback/channels``, an address in that channel's own
    words, and the *name* of the secret that signs them, where the channel signs."""

    channel: str
    address: str
    secret: str = Field(default="", pattern=r"^[A-Z0-9_]*$")


class Feedback(Declaration):
    """A source's `feedback`: who is told, and how often. What is new or worse, and an error, is
    told the same night; all else in each night's digest, or in that of one `weekday`. `escalation`
    hears of what stays undone for too long. No two sources of one area may both say this."""

    frequency: Literal["nightly", "weekly"] = "nightly"
    weekday: Weekday = "monday"
    to: list[Recipient] = Field(default=[])
    escalation: list[Recipient] = Field(default=[])
