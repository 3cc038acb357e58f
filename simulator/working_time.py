"""Terms by the working calendar, reckoned day by day and session by session, as a clerk would.

Local times without offset. What is worked when is a fact that the catalogue states.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import takewhile

from catalog.office_hours import receives_until, sessions
from catalog.working_days import is_worked
from simulator.clock import ONE_DAY

Stretch = tuple[dt.datetime, dt.datetime]


def _days_from(day: dt.date) -> Iterator[dt.date]:
    while True:
        yield day
        day += ONE_DAY


def counting_day(office: str, moment: dt.datetime) -> dt.date:
    """The day for which `moment` counts: its own, or the next working day."""
    until = receives_until(office, moment.date())
    if until is not None and moment.time() <= until:
        return moment.date()
    return next(filter(is_worked, _days_from(moment.date() + ONE_DAY)))


def working_days(after: dt.date, through: dt.date) -> int:
    """How many days are worked after one day, through another."""
    days = takewhile(lambda day: day <= through, _days_from(after + ONE_DAY))
    return sum(map(is_worked, days))


def working_day_after(day: dt.date, count: int) -> dt.date:
    """The working day that is `count` such days later."""
    later = filter(is_worked, _days_from(day + ONE_DAY))
    for _ in range(count):
        day = next(later)
    return day


def waited_days(office: str, waits: Iterable[Stretch]) -> int:
    return sum(
        working_days(counting_day(office, begin), counting_day(office, end)) for begin, end in waits
    )


def last_day(office: str, received_at: dt.datetime, time: int, unit: str) -> dt.date:
    """The working day that ends a term of days or months; the day of reception is not counted."""
    start = counting_day(office, received_at)
    if unit == "working_day":
        return working_day_after(start, time)
    end = start + time * ONE_DAY if unit == "day" else _months_later(start, time)
    return next(filter(is_worked, _days_from(end)))


def _months_later(day: dt.date, count: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for number in range(day.day, 0, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _open(office: str, since: dt.datetime) -> Iterator[Stretch]:
    """The stretches in which `office` works from `since` on."""
    for day in _days_from(since.date()):
        for opens, closes in sessions(office, day):
            begin = max(since, dt.datetime.combine(day, opens))
            end = dt.datetime.combine(day, closes)
            if begin < end:
                yield begin, end


def worked(office: str, begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """How much `office` works between two moments."""
    within = takewhile(lambda stretch: stretch[0] < end, _open(office, begin))
    return sum((min(stop, end) - start for start, stop in within), dt.timedelta())


def end_of_work(office: str, received_at: dt.datetime, work: dt.timedelta) -> dt.datetime:
    """When `office` has worked that long on what it received."""
    start = received_at
    until = receives_until(office, start.date())
    if until is None or start.time() > until:
        start = dt.datetime.combine(start.date() + ONE_DAY, dt.time())
    for begin, end in _open(office, start):
        if work <= end - begin:
            return begin + work
        work -= end - begin
    raise AssertionError("there is always more work")


def deadline(
    office: str, received_at: dt.datetime, time: int, unit: str, waits: Iterable[Stretch] = ()
) -> dt.datetime:
    """The last moment of a statutory time, with the waits for the applicant on top of it."""
    if unit == "hour":
        waited = sum((worked(office, *wait) for wait in waits), dt.timedelta())
        return end_of_work(office, received_at, dt.timedelta(hours=time) + waited)
    last = working_day_after(last_day(office, received_at, time, unit), waited_days(office, waits))
    return dt.datetime.combine(last + ONE_DAY, dt.time())
