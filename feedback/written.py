"""Numbers, days and periods as all that is published writes them, in Vietnamese and within a
sentence."""

from __future__ import annotations

import datetime as dt

from catalog import written

LANGUAGE: written.Language = "vi"
NONE = written.NONE


def day(on: dt.date | str) -> str:
    """22/11/2026."""
    return written.day(dt.date.fromisoformat(str(on)), LANGUAGE)


def count(number: int | None) -> str:
    """1.412."""
    return written.count(number, LANGUAGE)


def value(number: float | None, unit: str) -> str:
    """A figure of an indicator's unit: 81,3 %; 1.234; 83,10."""
    return written.value(number, unit, LANGUAGE)


def period(name: str) -> str:
    """tháng 10/2026, quý III/2026, năm 2026, từ trước đến nay."""
    told = written.period(name, LANGUAGE)
    return told[:1].lower() + told[1:]


def share(part: float | None) -> str:
    """81,3 %."""
    return value(part, "share")


def sentence(text: str) -> str:
    """With a capital at its start; the others stay."""
    return text[:1].upper() + text[1:]
