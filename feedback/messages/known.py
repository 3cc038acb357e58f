"""What an area knows already, read off the messages that it was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.incidents import Severity
from feedback.messages.message import Item, Message


@dataclass(frozen=True)
class Known:
    """What was last said of one incident. `first_on` is the night that told of the present spell,
    `last_on` the newest that mentioned it."""

    first_on: dt.date
    last_on: dt.date
    rows: int
    severity: Severity
    is_resolved: bool = False
    is_escalated: bool = False


def known(messages: Iterable[Message]) -> dict[str, Known]:
    """By incident, from `messages` in the order in which they were decided."""
    found: dict[str, Known] = {}
    for message in messages:
        for item in message.items:
            is_escalation = message.purpose == "escalation"
            before = found.get(item.incident_id)
            found[item.incident_id] = _after(before, item, message.night.on, is_escalation)
    return found


def _after(before: Known | None, item: Item, on: dt.date, is_escalation: bool) -> Known:
    if before and is_escalation:
        return replace(before, is_escalated=True)
    if before and not before.is_resolved:
        is_resolved = item.reason == "resolved"
        said = replace(before, last_on=on, rows=item.rows, severity=item.severity)
        return replace(said, is_resolved=is_resolved)
    return Known(on, on, item.rows, item.severity, item.reason == "resolved", is_escalation)
