"""Messages of a night: decided once, noted, and sent until everybody has them.

What was decided is in the log before anything is sent. A crash between sending and noting sends
the same message again with the same id, and a mail server that is down costs a night, no message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from catalog.errors import MessageUndelivered, NobodyAnswers
from catalog.feedback import Recipient
from catalog.incidents import Event, EventKind, Incident
from catalog.night import Night
from catalog.settings import settings
from feedback.channels import Letter, channels, deliver
from feedback.messages import Item, Message, decide, known, render
from feedback.messages.terms import terms
from feedback.preferences import default, preferences
from pipeline import links
from pipeline.incidents import note_told
from pipeline.stores import warehouse
from warehouse.messages import MessageLog

Clock = Callable[[], dt.datetime]
KINDS: dict[str, EventKind] = {"digest": "notified", "escalation": "escalated"}


def message_log() -> MessageLog:
    return MessageLog(warehouse().engine)


def tell(incidents: Sequence[Incident], night: Night) -> list[Message]:
    """Decide what the areas are told of `incidents`, as they stand after `night`, and note it; what
    is new. A night before the newest that an area was told of tells it nothing any more."""
    new: list[Message] = []
    for area in sorted({incident.fingerprint.area for incident in incidents}):
        before = [_read(row) for row in message_log().told(area)]
        if not before or before[-1].night <= night:
            wanted = preferences().get(area) or default(area)
            new += decide(known(before), incidents, wanted, night)
    message_log().decided([_row(message) for message in new])
    note_told(_events(night))
    return new


def _events(night: Night) -> list[Event]:
    """What the night's messages are to the incidents; of all of them, as a run may have ended
    before it noted so."""
    return [
        Event(item.incident_id, night.on, KINDS[message.purpose], item.rows)
        for message in map(_read, message_log().of_night(night.on))
        for item in message.items
    ]


def send(night: Night, clock: Clock) -> dict[str, int]:
    """Try every message through `night` at everybody who lacks it, with the links to answer by; how
    many addresses were served and how many not. `clock` gives the instant of each delivery. Of two
    that send at once the second waits, and finds what is left."""
    with message_log().sending():
        return _send(night, clock)


def _send(night: Night, clock: Clock) -> dict[str, int]:
    counts = {"delivered": 0, "undelivered": 0}
    silent: set[tuple[str, str]] = set()
    for row in message_log().undelivered():
        message = _read(row)
        if message.night > night:
            continue
        letter = render(message, settings().demo, *links.of_message(message))
        missing = _missing(message)
        took = [_brought(letter, to, night, clock, silent) for to in missing]
        if all(took):
            message_log().all_have(message.message_id)
        counts["delivered"] += sum(took)
        counts["undelivered"] += len(took) - sum(took)
    return counts


def alarms(night: Night) -> list[str]:
    """For operators: what was refused, and what nobody took for too many nights."""
    return [
        f"message of {row['told_on']} to {row['area']} ({row['purpose']}) is undelivered: "
        f"{row['channel']} {row['address']}: {row['problem']}"
        for row in message_log().deliveries(is_waiting=True)
        if row["channel"] and row["told_on"] <= night.on and _is_alarming(row, night)
    ]


def _is_alarming(row: dict[str, Any], night: Night) -> bool:
    silent = (night.on - row["told_on"]).days + 1
    return bool(row["is_refused"]) or silent >= terms().alarm_after_nights


def _missing(message: Message) -> list[Recipient]:
    """Whom it is for by today's declarations, and who has not got it."""
    wanted = preferences().get(message.area) or default(message.area)
    have = message_log().delivered_to(message.message_id)
    every = wanted.recipients(message.purpose)
    return [to for to in every if (to.channel, to.address) not in have]


def _brought(
    letter: Letter, to: Recipient, night: Night, clock: Clock, silent: set[tuple[str, str]]
) -> bool:
    """Whether `to` took it; noted either way. A place that is silent is asked once a run."""
    place = (to.channel, channels()[to.channel].place(to.address))
    problem: MessageUndelivered | None = None
    at = clock()
    try:
        if place in silent:
            raise NobodyAnswers(f"{to.channel}: nobody answers there")
        deliver(letter, to, at)
    except MessageUndelivered as error:
        problem = error
        if isinstance(error, NobodyAnswers):
            silent.add(place)
    _note(letter, to, night, at, problem)
    return problem is None


def _note(
    letter: Letter, to: Recipient, night: Night, at: dt.datetime, problem: MessageUndelivered | None
) -> None:
    message_log().tried(
        {
            "message_id": letter.message_id,
            "channel": to.channel,
            "address": to.address,
            "area": letter.area,
            "tried_on": night.on,
            "delivered_at": None if problem else at,
            "is_refused": problem is not None and not problem.is_transient,
            "problem": problem.problem if problem else "",
        }
    )


def _row(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "area": message.area,
        "told_on": message.night.on,
        "purpose": message.purpose,
        "items": [item.as_dict() for item in message.items],
        "still_open": message.still_open,
    }


def _read(row: dict[str, Any]) -> Message:
    items = tuple(Item.from_dict(item) for item in row["items"])
    return Message(row["area"], Night(row["told_on"]), row["purpose"], items, row["still_open"])
