"""How the simulated systems write flags and days: as strings, ``""`` is not stated."""

from __future__ import annotations

import datetime as dt


def flag(value: bool | None) -> str:
    """``1``, ``0`` or empty."""
    return "" if value is None else str(int(value))


def day(value: dt.date | None) -> str:
    """``20261122``, or empty."""
    return f"{value:%Y%m%d}" if value else ""
