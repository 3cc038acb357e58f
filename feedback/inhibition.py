"""Which incident hides another: of one cause, only the cause is told.

A source's night is merged whole or not at all, so one batch that is missing or held keeps the rest
of the source from being known; a list of keys stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.incidents import HELD, NOT_ARRIVED, Fingerprint, Observed
from catalog.records import records

BLOCKING = (NOT_ARRIVED, HELD)
"""Rules about a whole batch, the one that hides the other first."""


def hiders(observed: Iterable[Observed]) -> dict[str, str]:
    """Incident -> the incident that hides it on a night that saw all these."""
    observed = list(observed)
    blocking = [o.fingerprint for o in observed if _is_blocking(o)]
    blocking.sort(key=lambda f: (BLOCKING.index(f.rule), f.record), reverse=True)
    of_batch = {(f.source_id, f.record): f.incident_id for f in blocking}
    of_source = {_delivery(f): f.incident_id for f in blocking}
    found = {}
    for seen in observed:
        mark = seen.fingerprint
        own, first = of_batch.get((mark.source_id, mark.record)), of_source.get(_delivery(mark))
        hider = (first if seen.rows or not seen.is_known else None) if _is_batch(mark) else own
        hider = hider or (None if seen.is_known else first)
        if hider and hider != mark.incident_id:
            found[mark.incident_id] = hider
    return found


def _is_batch(mark: Fingerprint) -> bool:
    return mark.rule in BLOCKING


def _is_blocking(seen: Observed) -> bool:
    return _is_batch(seen.fingerprint) and seen.is_known and seen.rows > 0


def _delivery(mark: Fingerprint) -> tuple[str, str]:
    """What is merged whole or not at all: the records of a source, or one list of its keys."""
    record = records().get(mark.record)
    return mark.source_id, mark.record if record and record.reconciles else ""
