"""Office hours and working days of the simulated nation (weekends only; no public holidays)."""

from __future__ import annotations

import datetime as dt

OPENS, CLOSES = 8, 17
ONE_DAY = dt.timedelta(days=1)


def office(moment: dt.datetime) -> dt.datetime:
    """`moment`, or the next one that falls into office hours."""
    if moment.hour >= CLOSES:
        moment = (moment + ONE_DAY).replace(hour=OPENS)
    elif moment.hour < OPENS:
        moment = moment.replace(hour=OPENS)
    while moment.weekday() >= 5:
        moment += ONE_DAY
    return moment


def due(received_at: dt.datetime, days: int) -> dt.datetime:
    """Closing time `days` working days after reception; late receptions count from the morrow."""
    day = office(received_at if days or received_at.hour < 15 else received_at + ONE_DAY)
    weeks, rest = divmod(days, 5)
    day += ONE_DAY * 7 * weeks
    for _ in range(rest):
        day = office(day + ONE_DAY)
    return day.replace(hour=CLOSES, minute=0, second=0)


def next_month(moment: dt.datetime) -> dt.datetime:
    """The first instant of the month after that of `moment`."""
    first = dt.datetime(moment.year, moment.month, 1)
    return (first + ONE_DAY * 32).replace(day=1)
