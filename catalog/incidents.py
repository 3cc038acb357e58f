"""Incidents: one cause that a province is asked to fix, from the first night it is seen to the
night that shows it fixed.

An incident is known by its fingerprint: area, source, rule and column. Its life is a list of
events; its state is what these add up to. The pipeline writes the events of a night, and running
the night again writes them again; what people do (`Action`) is written once and stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

State = Literal["open", "acknowledged", "disputed", "accepted", "fixed"]
"""``fixed`` only by evidence of a night; ``accepted`` is a deviation that the office allows."""
EventKind = Literal[
    "opened", "worsened", "eased", "fixed", "reopened", "acknowledged", "disputed", "accepted",
    "lapsed", "notified", "escalated",
]  # fmt: skip
"""``lapsed``: an acknowledgement or an accepted deviation has run out."""
Severity = Literal["error", "warning"]

NOT_ARRIVED, HELD, REJECTED = "not_arrived", "held", "rejected"
"""Rules that are no check: the source sent nothing, its batch is held, rows of a column could not
be understood. The first two inhibit the incidents about rows of the same source and record kind."""


@dataclass(frozen=True)
class Fingerprint:
    """What makes two findings the same incident. `rule` is a check's id, `NOT_ARRIVED`, `HELD`, or
    `REJECTED` with a colon and the reason; `column` is the source's own, or empty."""

    area: str
    source_id: str
    record: str
    rule: str
    column: str = ""

    @property
    def incident_id(self) -> str:
        return "/".join((self.source_id, self.record, self.rule, self.column)).rstrip("/")


@dataclass(frozen=True)
class Observed:
    """What a night saw of one cause: how many rows are wrong now, and since when at the earliest;
    `suffixes` are the ends of up to three dossier codes. `is_known`: whether the night could tell
    at all; where a source did not arrive nothing is known about its rows."""

    fingerprint: Fingerprint
    rows: int
    severity: Severity
    first_seen: dt.date
    suffixes: tuple[str, ...] = ()
    is_known: bool = True


@dataclass(frozen=True)
class Action:
    """What a person did: `kind` is acknowledged, disputed or accepted; `until` the last day that it
    holds; `by` who (a role or a name of the office, no citizen)."""

    incident_id: str
    kind: Literal["acknowledged", "disputed", "accepted"]
    at: dt.datetime
    by: str
    note: str = ""
    until: dt.date | None = None


@dataclass(frozen=True)
class Event:
    """One step of an incident's life, on a night; `rows` as they were then."""

    incident_id: str
    night: dt.date
    kind: EventKind
    rows: int = 0
    by: str = ""
    note: str = ""
    until: dt.date | None = None


@dataclass(frozen=True)
class Incident:
    """An incident as it stands after a night. `opened_on` starts the present spell (after a
    re-opening a new one); `inhibited_by` is the incident that hides it, as no delivery hides what
    is wrong with rows."""

    fingerprint: Fingerprint
    state: State
    severity: Severity
    rows: int
    worst_rows: int
    first_seen: dt.date
    opened_on: dt.date
    last_seen: dt.date
    fixed_on: dt.date | None = None
    by: str = ""
    note: str = ""
    until: dt.date | None = None
    last_notified: dt.date | None = None
    escalated_on: dt.date | None = None
    inhibited_by: str = ""
    suffixes: tuple[str, ...] = ()
    told_rows: int = 0

    @property
    def incident_id(self) -> str:
        return self.fingerprint.incident_id

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in ("open", "acknowledged", "disputed")
