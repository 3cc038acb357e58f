"""What a source's own history leads to expect of a night, and how much less is no longer chance."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterator, Sequence

from catalog.working_days import is_worked

History = Sequence[tuple[dt.date, int]]
"""(night, rows received), oldest first."""

NIGHTS_COMPARED = 8
NIGHTS_NEEDED = 3
SAME_WEEKDAYS_NEEDED = 4
ENOUGH_TO_EXPECT = 12
"""Rows a night from which on none at all is no chance: of 5, one night in 150 is empty."""
WIDEST_SCATTER = 0.9
QUIET_SHARE = 0.1
"""What an unusual day brings at least, as a share of the quietest night alike."""
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


def _days_off_from(day: dt.date, step: dt.timedelta) -> Iterator[dt.date]:
    while not is_worked(day):
        yield day
        day += step


def _is_in_break(day: dt.date) -> bool:
    """Whether `day` is one of several days off in a row, of which one is no weekend."""
    off = (*_days_off_from(day, ONE_DAY), *_days_off_from(day, -ONE_DAY))
    return any(other.weekday() < SATURDAY for other in off)


def is_unusual(day: dt.date) -> bool:
    """Whether a public holiday, with the weekend it joins, falls on `day` or right beside it, or
    offices make up for one then: nobody can say from usual weeks how quiet such a day is."""
    made_up = day.weekday() >= SATURDAY and is_worked(day)
    return made_up or any(_is_in_break(day + n * ONE_DAY) for n in (-1, 0, 1))


def expected_rows(on: dt.date, history: History) -> float | None:
    """What the history leads to expect: the median of the last 8 usual nights of the same weekday,
    offices open or closed as on `on`. Where there are not four, the least of the last 8 usual
    nights alike but for the weekday; on an unusual day a tenth of the least of all alike.

    None with fewer than 3 such nights, or below a dozen rows, where an empty night is nothing
    unusual."""
    alike = [night for night in history if is_worked(night[0]) == is_worked(on)]
    usual = [night for night in alike if not is_unusual(night[0])]
    same = _newest([night for night in usual if night[0].weekday() == on.weekday()])
    if len(same) >= SAME_WEEKDAYS_NEEDED and not is_unusual(on):
        return _enough(statistics.median(same))
    recent, share = (alike, QUIET_SHARE) if is_unusual(on) else (usual, 1)
    least = _newest(recent)
    return _enough(share * min(least)) if len(least) >= NIGHTS_NEEDED else None


def _newest(nights: History) -> list[int]:
    return [rows for _, rows in nights[-NIGHTS_COMPARED:]]


def _enough(rows: float) -> float | None:
    return float(rows) if rows >= ENOUGH_TO_EXPECT else None


def outlook(on: dt.date, received: int, history: History) -> dict[str, float | None]:
    """`expected` rows; `shortfall`, the share of them that did not come (negative when more
    came); and `scatter`, the shortfall that chance alone explains.

    A count with mean m scatters by its square root: four standard deviations are 4/sqrt(m) of
    it. A commune with 20 rows a night may well send 4; a city with 20,000 does not drop by 3 %
    by chance. Scatter stays at most 0.9, so that an empty delivery always exceeds it.
    """
    expected = expected_rows(on, history)
    if expected is None:
        return {"expected": None, "shortfall": None, "scatter": None}
    scatter = min(4 / math.sqrt(expected), WIDEST_SCATTER)
    return {"expected": expected, "shortfall": 1 - received / expected, "scatter": scatter}
