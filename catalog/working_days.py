"""Working days of Viet Nam: the public holidays, and the days that the government swapped.

Holidays, lunar ones too, and most made-up Saturdays come from the `holidays` package; what it does
not know yet of the yearly notices that move days is a line of ``codelists/swapped_days.csv``.
What the package said is kept in every rulebook, so that a past one measures by its own days.
"""

from __future__ import annotations

import csv
import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

import holidays

from catalog import codelists
from catalog.declarations import declared

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2035, 12, 31)
"""Before and after these days nothing is known; asking raises ValueError."""
UNUSUAL_DAYS = "catalog/unusual_days.csv"
SATURDAY = 5


@cache
def _swapped() -> dict[dt.date, bool]:
    """Day -> whether it is worked, for the days that a notice moved."""
    lines = codelists.rows("swapped_days")
    return {dt.date.fromisoformat(line["code"]): line["is_worked"] == "1" for line in lines}


@cache
def unusual_days() -> dict[dt.date, bool]:
    """Day -> whether it is worked, for the days that are not what their weekday says: as the
    package knows them, or as it did when the rulebook that is in use was archived."""
    kept = declared(UNUSUAL_DAYS)
    if kept.is_file():
        with kept.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        return {dt.date.fromisoformat(line["day"]): line["is_worked"] == "1" for line in lines}
    known = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1))
    worked = ((day, known.is_working_day(day)) for day in _days())
    return {day: is_worked for day, is_worked in worked if is_worked != _is_weekday(day)}


def _days() -> Iterator[dt.date]:
    return (FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def _is_weekday(day: dt.date) -> bool:
    return day.weekday() < SATURDAY


@cache
def working_days() -> tuple[dt.date, ...]:
    """Every working day from `FIRST` to `LAST`, in order."""
    moved = {**unusual_days(), **_swapped()}
    return tuple(day for day in _days() if moved.get(day, _is_weekday(day)))


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
