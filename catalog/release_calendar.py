"""When the releases of months come out: ``release_calendar.yml``, a rule and its exceptions.

The rule is of today, also for a process that measures by the rulebook of another time.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from catalog.declarations import Declaration, load_file
from catalog.errors import PublicationError
from catalog.finality import ends_on
from catalog.night import LOCAL_ZONE, Night
from catalog.working_days import ordinal, working_days

FILE = Path(__file__).with_suffix(".yml")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
A_YEAR = 12


class Exceptional(Declaration):
    """The day and hour in Viet Nam of one month's release, and why it is not that of the rule."""

    date: dt.date
    hour: int = Field(ge=0, le=23)
    reason_vi: str = Field(min_length=1)
    reason_en: str = Field(min_length=1)


class ReleaseCalendar(Declaration):
    """On which working day after a month's end, at which hour in Viet Nam; and the exceptions by
    month."""

    working_day: int = Field(ge=1, le=23)
    hour: int = Field(ge=0, le=23)
    exceptions: dict[Annotated[str, Field(pattern=MONTH)], Exceptional] = Field(default={})

    @model_validator(mode="after")
    def _exceptions_are_of_ended_months(self) -> ReleaseCalendar:
        for month, told in self.exceptions.items():
            if told.date <= last_day(month):
                raise ValueError(f"{month} is released before it has ended")
        return self

    def due(self, month: str) -> dt.datetime:
        """The instant, in the time of Viet Nam, from which the month's releases are public."""
        if told := self.exceptions.get(month):
            return dt.datetime.combine(told.date, dt.time(told.hour), LOCAL_ZONE)
        first_after = ordinal(last_day(month))
        on = working_days()[first_after + self.working_day - 1]
        return dt.datetime.combine(on, dt.time(self.hour), LOCAL_ZONE)


class Planned(NamedTuple):
    """The release of a month, from when on it is public, and why not at the usual time."""

    period: str
    at: dt.datetime
    reason_vi: str = ""
    reason_en: str = ""


@cache
def calendar() -> ReleaseCalendar:
    """The calendar in force. Raises DeclarationError where the file is wrong."""
    return load_file(FILE, ReleaseCalendar)


def due(month: str) -> dt.datetime:
    """From when on releases of a month (2026-10) are public. Raises PublicationError for what is
    no month."""
    return calendar().due(month)


def planned(night: Night, months: int = A_YEAR) -> list[Planned]:
    """The next releases after that night, as many as `months`, the first one first."""
    around = [_month(night, number) for number in range(-A_YEAR, months + 2)]
    known = (_planned(month) for month in around)
    return sorted((p for p in known if p.at >= night.cutoff), key=lambda p: p.at)[:months]


def last_day(month: str) -> dt.date:
    """The last day of a month as it is written. Raises PublicationError for what is none."""
    last = ends_on(month) if re.fullmatch(MONTH, month, re.ASCII) else None
    if last is None:
        raise PublicationError(f"{month!r} is not a month like 2026-10")
    return last


def _month(night: Night, number: int) -> str:
    """The month that comes `number` months after that of a night."""
    year, month = divmod(night.on.year * A_YEAR + night.on.month - 1 + number, A_YEAR)
    return f"{year}-{month + 1:02}"


def _planned(month: str) -> Planned:
    told = calendar().exceptions.get(month)
    reasons = (told.reason_vi, told.reason_en) if told else ()
    return Planned(month, due(month), *reasons)
