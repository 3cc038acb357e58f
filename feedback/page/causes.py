"""Incidents by cause: what hides others stands above them, and what breaks one rule together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from catalog.incidents import Incident, Severity
from feedback.page.wording import said
from feedback.told import Told


@dataclass(frozen=True)
class Cause:
    """One incident, and those that nobody can tell about before it is mended."""

    incident: Incident
    hidden: tuple[Incident, ...]


@dataclass(frozen=True)
class Group:
    """What is told alike, because the same rule is broken."""

    told: Told
    severity: Severity
    causes: tuple[Cause, ...]


def groups(incidents: Iterable[Incident]) -> list[Group]:
    """Those that are open: what hides others first, errors before warnings, then most rows."""
    known = {i.incident_id: i for i in sorted(incidents, key=_order) if i.is_open}
    beneath: dict[str, list[Incident]] = {name: [] for name in known}
    for incident in known.values():
        top = _top(incident, known)
        if top is not incident:
            beneath[top.incident_id].append(incident)
    tops = [i for i in known.values() if _top(i, known) is i]
    causes = [Cause(i, tuple(beneath[i.incident_id])) for i in tops]
    return sorted(_grouped(causes), key=_weight)


def _top(incident: Incident, known: Mapping[str, Incident]) -> Incident:
    """What hides it in the end; itself where nothing does that is open. Of some that hide one
    another in a ring, as different nights saw them, the first."""
    way = [incident]
    while hider := known.get(way[-1].inhibited_by):
        if hider in way:
            return min(way[way.index(hider) :], key=_order)
        way.append(hider)
    return way[-1]


def _grouped(causes: Iterable[Cause]) -> Iterator[Group]:
    by_rule = sorted(causes, key=lambda c: (c.incident.severity, _told(c)))
    for (severity, words), alike in groupby(by_rule, lambda c: (c.incident.severity, _told(c))):
        yield Group(words, severity, tuple(sorted(alike, key=lambda c: _order(c.incident))))


def _told(cause: Cause) -> Told:
    return said(cause.incident)


def _order(incident: Incident) -> tuple[object, ...]:
    return incident.severity != "error", -incident.rows, incident.incident_id


def _weight(group: Group) -> tuple[object, ...]:
    hides = any(cause.hidden for cause in group.causes)
    rows = sum(cause.incident.rows for cause in group.causes)
    return not hides, group.severity != "error", -rows, group.told
