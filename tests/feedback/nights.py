"""Incidents as a test says them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from catalog.incidents import Fingerprint, Incident
from catalog.night import Night

MONDAY = Night(dt.date(2026, 10, 5))
"""A week and more without holidays follows."""


def night(days: int) -> Night:
    return Night(MONDAY.on + dt.timedelta(days=days))


def incident(rule: str = "finished_before_received", rows: int = 40, **changes: Any) -> Incident:
    """An error of Hà Nội that began on `MONDAY`."""
    column, severity = changes.pop("column", ""), changes.pop("severity", "error")
    fingerprint = Fingerprint("H26", "ha_noi", changes.pop("record", "dossier"), rule, column)
    state = changes.pop("state", "open")
    days = (MONDAY.on, MONDAY.on, MONDAY.on)
    return Incident(fingerprint, state, severity, rows, rows, *days, **changes)
