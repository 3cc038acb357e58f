"""The life of incidents: what a night's evidence, and what people did, make of them.

In a night first what has run out lapses, then the evidence counts, then what people did. Nothing
is fixed but by a night that knows, and what a night does not know changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.incidents import Action, Event, EventKind, Incident, Observed
from catalog.night import Night
from feedback.inhibition import hiders
from feedback.steps import after, newborn

TIMES_WORSE, ROWS_WORSE = 2, 5
"""Worse is at least twice the rows that were told, and at least five more; easier the same the
other way round. Below that a number that moves is no news."""
DECLARED = "source file"
"""Who accepts what a source's file declares as its deviation: as long as it does so."""


def life(
    before: Sequence[Incident],
    observed: Sequence[Observed],
    actions: Sequence[Action],
    night: Night,
) -> tuple[list[Incident], list[Event]]:
    """All incidents after the night, and its events, those of the actions included.

    `before` are the incidents after the night before, `observed` has one sight of each cause;
    `actions` are those since the night before, and, of each deviation that a source's file
    declares, one by `DECLARED`. Their order does not matter.
    """
    old = {incident.incident_id: incident for incident in before}
    sights = {seen.fingerprint.incident_id: seen for seen in observed}
    hidden = hiders(observed)
    incidents: list[Incident] = []
    events: list[Event] = []
    for name in sorted(old.keys() | sights.keys()):
        taken = sorted((a for a in actions if a.incident_id == name), key=_order)
        incident = old.get(name)
        if incident:
            incident = _happened(incident, _lapse(incident, taken, night), events)
        if name in sights:
            incident = _seen(incident, sights[name], hidden.get(name, ""), night, events)
        if incident:
            incidents.append(_happened(incident, _answer(incident, taken, night), events))
    return incidents, events


def answered(incident: Incident, action: Action, night: Night) -> Event | None:
    """The event that the action is; None where it changes nothing: the incident is fixed, or its
    state does not allow it, or it has run out, or it has been taken already."""
    said = (action.by, action.note, action.until)
    event = Event(incident.incident_id, night.on, action.kind, incident.rows, *said)
    return event if after(incident, event) != incident else None


def is_worse(told: int, rows: int) -> bool:
    """Whether `rows` are so many more than were told that it must be said."""
    return rows >= TIMES_WORSE * told and rows >= told + ROWS_WORSE


def _happened(incident: Incident, new: Iterator[Event], events: list[Event]) -> Incident:
    for event in new:
        events.append(event)
        incident = after(incident, event)
    return incident


def _lapse(incident: Incident, actions: Sequence[Action], night: Night) -> Iterator[Event]:
    has_run_out = incident.until is not None and incident.until < night.on
    is_withdrawn = incident.by == DECLARED and not any(a.by == DECLARED for a in actions)
    if incident.state in ("acknowledged", "accepted") and (has_run_out or is_withdrawn):
        yield Event(incident.incident_id, night.on, "lapsed", incident.rows)


def _seen(
    incident: Incident | None, seen: Observed, hider: str, night: Night, events: list[Event]
) -> Incident | None:
    """What the evidence makes of the incident; what is not known is only marked as hidden."""
    if incident is None and not (seen.is_known and seen.rows):
        return None
    if not seen.is_known:
        return _hidden(incident, hider) if incident else None
    kind = _evidence(incident, seen)
    incident = _with_facts(incident or newborn(seen, night.on), seen, night)
    told = [Event(incident.incident_id, night.on, kind, seen.rows)] if kind else []
    return _hidden(_happened(incident, iter(told), events), hider)


def _evidence(incident: Incident | None, seen: Observed) -> EventKind | None:
    if incident is None:
        return "opened"
    if incident.state == "fixed":
        return "reopened" if seen.rows else None
    if incident.state == "accepted":
        return None
    if not seen.rows:
        return "fixed"
    turned_error = (incident.severity, seen.severity) == ("warning", "error")
    if turned_error or is_worse(incident.told_rows, seen.rows):
        return "worsened"
    return "eased" if is_worse(seen.rows, incident.told_rows) else None


def _with_facts(incident: Incident, seen: Observed, night: Night) -> Incident:
    """The incident as seen tonight; a night that sees none leaves what was last seen of it."""
    if not seen.rows:
        return replace(incident, rows=0)
    return replace(
        incident,
        severity=seen.severity,
        rows=seen.rows,
        worst_rows=max(incident.worst_rows, seen.rows),
        first_seen=min(incident.first_seen, seen.first_seen),
        last_seen=night.on,
        suffixes=seen.suffixes,
    )


def _hidden(incident: Incident, hider: str) -> Incident:
    return replace(incident, inhibited_by="" if incident.state == "fixed" else hider)


def _answer(incident: Incident, actions: Sequence[Action], night: Night) -> Iterator[Event]:
    """The one event that all actions on the incident come to: of several the last that counts."""
    last = None
    state = incident
    for action in actions:
        event = answered(state, action, night)
        if event:
            state, last = after(state, event), event
    if last and state != incident:
        yield last


def _order(action: Action) -> tuple[object, ...]:
    return action.at, action.kind, action.by, action.note, str(action.until)
