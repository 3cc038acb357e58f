"""What one event makes of an incident. The state is what its events add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from catalog.incidents import Event, Incident, Observed

COUNTED = ("opened", "worsened", "eased", "reopened", "notified")
"""Events that tell how many rows are wrong."""
MAY_FOLLOW = {
    "acknowledged": ("open", "acknowledged", "disputed"),
    "disputed": ("open", "acknowledged", "disputed"),
    "accepted": ("open", "acknowledged", "disputed", "accepted"),
}
"""In which states people can answer so: only the office ends what it has accepted."""


def newborn(seen: Observed, on: dt.date) -> Incident:
    """The incident that a night sees for the first time, before its event ``opened``."""
    return Incident(
        fingerprint=seen.fingerprint,
        state="open",
        severity=seen.severity,
        rows=seen.rows,
        worst_rows=seen.rows,
        first_seen=seen.first_seen,
        opened_on=on,
        last_seen=on,
        suffixes=seen.suffixes,
    )


def after(incident: Incident, event: Event) -> Incident:
    """The incident after the event; an answer that came too late, or that its state does not
    allow, leaves it as it is."""
    if event.kind in COUNTED:
        incident = replace(incident, told_rows=event.rows)
    if event.kind == "reopened":
        spell = replace(incident, opened_on=event.night, worst_rows=event.rows, escalated_on=None)
        return replace(spell, state="open", fixed_on=None)
    if event.kind == "fixed":
        fixed = replace(incident, state="fixed", fixed_on=event.night, rows=0, told_rows=0)
        return replace(fixed, inhibited_by="", suffixes=(), by="", note="", until=None)
    if event.kind == "lapsed":
        return replace(incident, state="open", by="", note="", until=None)
    if event.kind == "notified":
        return replace(incident, last_notified=event.night)
    if event.kind == "escalated":
        return replace(incident, escalated_on=event.night)
    return _answered(incident, event)


def _answered(incident: Incident, event: Event) -> Incident:
    has_run_out = event.until is not None and event.until < event.night
    if has_run_out or incident.state not in MAY_FOLLOW.get(event.kind, ()):
        return incident
    answer = replace(incident, by=event.by, note=event.note, until=event.until)
    return replace(answer, state=event.kind)  # type: ignore[arg-type]


def fold(incident: Incident, events: Iterable[Event]) -> Incident:
    """The incident after all these events, in their order."""
    for event in events:
        incident = after(incident, event)
    return incident
