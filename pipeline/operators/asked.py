"""What provinces are asked to mend, and whether they have heard of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from catalog.errors import MessageUndelivered
from catalog.incidents import EventKind
from catalog.night import Night
from pipeline import links
from pipeline.operators.standing import runbook
from pipeline.stores import warehouse
from warehouse.incidents import Incidents
from warehouse.messages import MessageLog

STEPS: tuple[EventKind, ...] = ("opened", "reopened", "worsened", "fixed", "disputed")


def incidents(night: Night) -> dict[str, Any]:
    """What the night did to incidents, and how many are open after it, by severity; one that is
    hidden by another is its part and not counted."""
    kept = Incidents(warehouse().engine)
    steps = Counter(event.kind for event in kept.events(on=night.on))
    left = [each for each in kept.read(through=night.on) if each.is_open and not each.inhibited_by]
    still_open = Counter(each.severity for each in left)
    return {
        "steps": {step: steps[step] for step in STEPS},
        "open": {severity: still_open[severity] for severity in ("error", "warning")},
    }


def disputes(night: Night) -> list[dict[str, Any]]:
    """What provinces say is right as it is, after the night: why, and where the office accepts it,
    which it alone may; that link is of the night, as the digest is."""
    left = Incidents(warehouse().engine).read(through=night.on)
    return [
        {
            "incident_id": each.incident_id,
            "area": each.fingerprint.area,
            "rows": each.rows,
            "by": each.by,
            "note": each.note,
            "accept": links.of_answer(each, "accept", night.on),
        }
        for each in left
        if each.state == "disputed"
    ]


def undelivered(night: Night) -> list[dict[str, Any]]:
    """The messages through that night that still wait now, by area, the oldest first."""
    waiting: dict[str, dict[str, Any]] = {}
    for row in MessageLog(warehouse().engine).undelivered():
        if row["told_on"] <= night.on:
            page = runbook(MessageUndelivered.__name__)
            first = {"area": row["area"], "since": row["told_on"], "messages": 0, "runbook": page}
            waiting.setdefault(row["area"], first)["messages"] += 1
    return list(waiting.values())
