"""By when incidents are to be mended, and when they are told again: ``terms.yml``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from pydantic import Field

from catalog import working_days
from catalog.declarations import Declaration, load_file
from catalog.incidents import Severity

FILE = Path(__file__).with_name("terms.yml")


class Term(Declaration):
    """Working days from the night that told of an incident."""

    mend_within: int = Field(gt=0)
    repeat_after: int = Field(gt=0)
    escalate_after: int | None = Field(gt=0)


class Terms(Declaration):
    """See the file."""

    error: Term
    warning: Term
    alarm_after_nights: int = Field(gt=0)

    def of(self, severity: Severity) -> Term:
        return self.error if severity == "error" else self.warning


@cache
def terms() -> Terms:
    return load_file(FILE, Terms)


def worked_since(day: dt.date, until: dt.date) -> int:
    """Working days after `day`, through `until`."""
    return working_days.ordinal(until) - working_days.ordinal(day)


def worked_after(day: dt.date, days: int) -> dt.date:
    """The last of so many working days after `day`."""
    return working_days.working_days()[working_days.ordinal(day) + days - 1]
