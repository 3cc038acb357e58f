"""Whom each area wants to be told, as its source files say; by itself a file in the outbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import get_args

from catalog.errors import DeclarationError
from catalog.feedback import Feedback, Recipient, Weekday
from catalog.sources import Source, sources
from feedback import channels

Recipients = tuple[Recipient, ...]


@dataclass(frozen=True)
class Preferences:
    """One area's; `to` is never empty."""

    area: str
    to: Recipients
    escalation: Recipients = ()
    feedback: Feedback = field(default_factory=Feedback)

    def hears_all_on(self, day: dt.date) -> bool:
        """Whether that night's digest holds all that there is to tell, or the urgent alone."""
        wanted = get_args(Weekday).index(self.feedback.weekday)
        return self.feedback.frequency == "nightly" or day.weekday() == wanted

    def recipients(self, purpose: str) -> Recipients:
        return self.escalation if purpose == "escalation" else self.to


def preferences() -> dict[str, Preferences]:
    """Of every area that runs a source, by its code. Raises DeclarationError where two sources
    speak for one area, or where a recipient is none."""
    found: dict[str, Preferences] = {}
    for source in sources().values():
        if source.feedback is None:
            continue
        if source.area in found:
            problem = f"feedback: another source of {source.area} says it already"
            raise DeclarationError(f"{source.source_id}.yml", problem)
        found[source.area] = _declared(source, source.feedback)
    return {s.area: found.get(s.area) or default(s.area) for s in sources().values()}


def default(area: str) -> Preferences:
    """Of an area that declares nothing."""
    return Preferences(area, (Recipient(channel="folder", address=area),))


def _declared(source: Source, feedback: Feedback) -> Preferences:
    for recipient in (*feedback.to, *feedback.escalation):
        channels.check(recipient, f"{source.source_id}.yml")
    to = tuple(feedback.to) or default(source.area).to
    return Preferences(source.area, to, tuple(feedback.escalation), feedback)
