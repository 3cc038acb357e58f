"""Working days of Viet Nam: the public holidays, and the days that the government swapped.

Holidays, lunar ones too, and most made-up Saturdays come from the `holidays` package; what it does
not know yet of the yearly notices that move days is a line of ``codelists/swapped_days.csv``.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import cache

import holidays

from catalog import codelists

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2035, 12, 31)
"""Before and after these days nothing is known; asking raises ValueError."""


@cache
def _swapped() -> dict[dt.date, bool]:
    """Day -> whether it is worked, for the days that a notice moved."""
    lines = codelists.rows("swapped_days")
    return {dt.date.fromisoformat(line["code"]): line["is_worked"] == "1" for line in lines}


@cache
def working_days() -> tuple[dt.date, ...]:
    """Every working day from `FIRST` to `LAST`, in order."""
    off = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1))
    days = (FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return tuple(day for day in days if _swapped().get(day, off.is_working_day(day)))


def is_worked(day: dt.date) -> bool:
    """Whether offices are open on `day`. Raises ValueError outside the calendar."""
    return ordinal(day) > ordinal(max(FIRST, day - dt.timedelta(days=1)))


def ordinal(day: dt.date) -> int:
    """How many working days there are from `FIRST` through `day`.

    The difference of two ordinals is the number of working days after the first day, through the
    second.
    """
    if not FIRST <= day <= LAST:
        raise ValueError(f"no calendar for {day}")
    return bisect_right(working_days(), day)
