"""The months, quarters and years that a source reports on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from simulator.clock import ONE_DAY

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
"""Frequency of a return -> months in its period."""


class Period(NamedTuple):
    """A month, quarter or year with its first and last day, `text` as it is written."""

    text: str
    starts_on: dt.date
    ends_on: dt.date


def _period(starts_on: dt.date, months: int) -> Period:
    year, month = starts_on.year, starts_on.month
    after = dt.date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
    written = {1: f"{year}-{month:02d}", 3: f"{year}-Q{(month + 2) // 3}", 12: str(year)}
    return Period(written[months], starts_on, after - ONE_DAY)


def periods(frequency: str, since: dt.date, through: dt.date) -> Iterator[Period]:
    """The periods of a `frequency` from the one that `since` is in to the one `through` is in;
    none for a frequency without periods."""
    months = MONTHS.get(frequency)
    if months is None:
        return
    starts_on = dt.date(since.year, (since.month - 1) // months * months + 1, 1)
    while starts_on <= through:
        period = _period(starts_on, months)
        yield period
        starts_on = period.ends_on + ONE_DAY


def month_ends(since: dt.date, on: dt.date) -> Iterator[tuple[dt.datetime, dt.date]]:
    """For each month through the one of `on`: its beginning, and the day on which a stock of that
    month is counted."""
    for month in periods("monthly", since, on):
        yield dt.datetime.combine(month.starts_on, dt.time()), min(month.ends_on, on)
