"""Whether an area is told anything tonight, and what.

An incident is told when it is new, worse or back, again every so many working days, and once when
it is mended. What is acknowledged, disputed, accepted or inhibited by another is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.incidents import Incident
from catalog.night import Night
from feedback.life import is_worse
from feedback.messages.known import Known
from feedback.messages.message import Item, Message, Reason, is_urgent, ordered
from feedback.messages.terms import terms, worked_after, worked_since
from feedback.preferences import Preferences
from feedback.tasks import is_theirs


def decide(
    known: Mapping[str, Known], now: Iterable[Incident], wanted: Preferences, night: Night
) -> list[Message]:
    """At most one digest for the area and one message to whom it escalates to. `known` is what the
    area was told through this night, `now` how its incidents stand after it."""
    theirs = [i for i in now if i.fingerprint.area == wanted.area and is_theirs(i)]
    found = [_digest(known, theirs, wanted, night)]
    if wanted.escalation:
        late = tuple(_late(known, theirs, night))
        found.append(Message(wanted.area, night, "escalation", ordered(late)))
    return [message for message in found if message.items]


def _digest(
    known: Mapping[str, Known], theirs: Sequence[Incident], wanted: Preferences, night: Night
) -> Message:
    said = [_item(i, reason, known, night) for i in theirs if (reason := _why(i, known, night))]
    heard = [item for item in said if wanted.hears_all_on(night.on) or is_urgent(item)]
    named = {item.incident_id for item in heard}
    before = {name for name, told in known.items() if not told.is_resolved}
    still = [i for i in theirs if i.is_open and i.incident_id in before - named]
    return Message(wanted.area, night, "digest", ordered(heard), len(still))


def _why(incident: Incident, known: Mapping[str, Known], night: Night) -> Reason | None:
    """Why to tell it tonight; None where there is no reason to."""
    told = known.get(incident.incident_id)
    is_known = told is not None and not told.is_resolved
    if incident.state == "fixed":
        return "resolved" if is_known else None
    if not _is_pressing(incident):
        return None
    if told is None or told.is_resolved:
        return "new" if told is None else "again"
    if _is_worse(incident, told):
        return "worse"
    waited = worked_since(told.last_on, night.on)
    return "reminder" if waited >= terms().of(incident.severity).repeat_after else None


def _is_worse(incident: Incident, told: Known) -> bool:
    is_graver = incident.severity == "error" and told.severity == "warning"
    return is_graver or is_worse(told.rows, incident.rows)


def _is_pressing(incident: Incident) -> bool:
    """Whether somebody is to act who has not said that he knows."""
    return incident.state == "open" and not incident.inhibited_by


def _late(known: Mapping[str, Known], theirs: Sequence[Incident], night: Night) -> Iterator[Item]:
    """What was told long ago, is not mended, and was not escalated in this spell."""
    for incident in theirs:
        told, after = known.get(incident.incident_id), terms().of(incident.severity).escalate_after
        if not told or told.is_resolved or told.is_escalated or not _is_pressing(incident):
            continue
        if after is not None and worked_since(told.first_on, night.on) >= after:
            yield _item(incident, "reminder", known, night)


def _item(incident: Incident, reason: Reason, known: Mapping[str, Known], night: Night) -> Item:
    told = known.get(incident.incident_id)
    since = told.first_on if told and not told.is_resolved else night.on
    due_on = worked_after(since, terms().of(incident.severity).mend_within)
    return Item.of(incident, reason, None if reason == "resolved" else due_on)
