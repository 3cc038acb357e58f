"""Whose an incident is to mend: what a province is asked to do, and what it is only told."""

from __future__ import annotations

from catalog.incidents import Incident
from expectations.check import checks


def is_task(incident: Incident) -> bool:
    """Whether its area has to do something about it now: an open error that is the source's own,
    and not hidden by what keeps the source from being known."""
    return incident.is_open and not incident.inhibited_by and is_to_fix(incident)


def is_to_fix(incident: Incident) -> bool:
    """Whether it is an error that the source itself must correct, whatever its state; what a check
    that is gone had found is, too."""
    return incident.severity == "error" and is_theirs(incident)


def is_theirs(incident: Incident) -> bool:
    """Whether the area can mend it; what a check calls internal is the operators' own."""
    known = checks().get(incident.fingerprint.rule)
    return known is None or known.responsibility == "external"
