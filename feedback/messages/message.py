"""A message before it is put into words: which incidents, and why tonight."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Literal

from catalog.incidents import Incident, Severity
from catalog.night import Night
from feedback.told import SUFFIX

Reason = Literal["worse", "new", "again", "reminder", "resolved"]
"""``again``: it was fixed, and is back."""
REASONS = ("new", "again", "worse", "reminder", "resolved")
"""In the order in which they are told."""
Purpose = Literal["digest", "escalation"]
EXAMPLES = 3
"""Of so many dossiers the end of the code is told."""


@dataclass(frozen=True)
class Item:
    """One incident in a message, as it stood. `due_on` is the last day to mend it."""

    incident_id: str
    source_id: str
    record: str
    rule: str
    column: str
    reason: Reason
    severity: Severity
    rows: int
    since: dt.date
    due_on: dt.date | None
    suffixes: tuple[str, ...]

    @classmethod
    def of(cls, incident: Incident, reason: Reason, due_on: dt.date | None) -> Item:
        known = incident.fingerprint
        named = (known.source_id, known.record, known.rule, known.column)
        ends = tuple(code[-SUFFIX:] for code in incident.suffixes[:EXAMPLES])
        stood = (incident.severity, incident.rows, incident.first_seen)
        return cls(incident.incident_id, *named, reason, *stood, due_on, ends)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        days = {name: day and day.isoformat() for name, day in self._days().items()}
        return {**asdict(self), **days, "suffixes": list(self.suffixes)}

    def _days(self) -> dict[str, dt.date | None]:
        return {"since": self.since, "due_on": self.due_on}

    @classmethod
    def from_dict(cls, known: dict[str, Any]) -> Item:
        """What `as_dict` gave; what a later version added to it is left out."""
        ours = {f.name: known[f.name] for f in fields(cls)}
        due_on = ours["due_on"] and dt.date.fromisoformat(ours["due_on"])
        since = dt.date.fromisoformat(ours["since"])
        return cls(
            **{**ours, "since": since, "due_on": due_on, "suffixes": tuple(ours["suffixes"])}
        )


@dataclass(frozen=True)
class Message:
    """What one area is told on one night; `still_open` counts what it was told before, is not
    mended, and is not told again tonight."""

    area: str
    night: Night
    purpose: Purpose
    items: tuple[Item, ...]
    still_open: int = 0

    @cached_property
    def message_id(self) -> str:
        """The same for the same content to the same area on the same night."""
        content = [self.area, str(self.night), self.purpose, [i.as_dict() for i in self.items]]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def is_urgent(item: Item) -> bool:
    """Whether it is told the same night, however seldom the area wants to hear."""
    return item.severity == "error" and item.reason in ("new", "again", "worse")


def ordered(items: Sequence[Item]) -> tuple[Item, ...]:
    """What is worst comes first, in groups by reason."""
    key = {reason: n for n, reason in enumerate(REASONS)}
    by = lambda i: (key[i.reason], i.severity != "error", -i.rows, i.incident_id)  # noqa: E731
    return tuple(sorted(items, key=by))
