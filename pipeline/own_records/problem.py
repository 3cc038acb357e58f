"""Problems: what the checks have found, and how long it took until it was right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from catalog.night import Night
from catalog.sources import sources
from catalog.working_days import ordinal
from expectations.check import checks
from pipeline.stores import warehouse


def rows(night: Night) -> Iterator[dict[str, Any]]:
    """The problems that the night found, carried on or closed, as they stand after it."""
    for found in warehouse().problems(night):
        source = sources().get(found["source_id"])
        if source:
            yield {"area_code": source.area, "agency_code": source.area, **_of(found)}


def _of(found: dict[str, Any]) -> dict[str, Any]:
    names = (found["source_id"], found["record"], found["check_id"])
    first, closed = found["first_seen"], found["closed_on"]
    return {
        "problem_code": ".".join((*names, str(first))),
        **dict(zip(("system_code", "record_kind", "check_code"), names, strict=True)),
        "is_to_fix": found["is_error"] and _is_external(found["check_id"]),
        "first_seen_on": first,
        "row_count": found["rows"],
        "closed_count": found["closed_rows"],
        "closed_on": closed,
        "fix_days": _working_days(first, closed) if closed else None,
    }


def _is_external(check_id: str) -> bool:
    """Whether what the check finds is the source's to correct; a check that is gone was."""
    known = checks().get(check_id)
    return known is None or known.responsibility == "external"


def _working_days(after: dt.date, through: dt.date) -> int:
    return ordinal(through) - ordinal(after)
