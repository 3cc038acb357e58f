"""Office hours: when the desks of an area work, and until when a reception counts for its day.

``codelists/office_hours.csv`` has a line for each change of an area's hours; what it does not say
of an area is the line of the nation (``VN``). Which days are worked is `catalog.working_days`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from catalog import codelists
from catalog.areas import NATION, areas, province_since_34
from catalog.errors import DeclarationError
from catalog.working_days import FIRST, LAST, is_worked

LIST = "office_hours"
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
Session = tuple[dt.time, dt.time]


@dataclass(frozen=True)
class Hours:
    """The hours of a working day from the day `starts_on`. What is received later than
    `receives_until` counts from the next opening."""

    starts_on: dt.date
    opens: dt.time
    noon_from: dt.time
    noon_to: dt.time
    closes: dt.time
    receives_until: dt.time
    works_saturday_morning: bool

    @property
    def is_possible(self) -> bool:
        """Whether the times follow one another."""
        in_order = self.opens < self.noon_from <= self.noon_to < self.closes
        return in_order and self.opens < self.receives_until <= self.closes


@cache
def _lines() -> dict[str, list[Hours]]:
    """Code -> its hours, oldest first. Raises DeclarationError naming the line that is wrong."""
    found: dict[str, list[Hours]] = {}
    for number, line in enumerate(codelists.rows(LIST), start=2):
        where = f"{LIST}.csv, line {number}"
        try:
            hours = _hours(line)
        except ValueError:
            raise DeclarationError(where, "not a day, a time, or 0 or 1") from None
        if line["code"] not in areas():
            raise DeclarationError(where, f"no area {line['code']}")
        if not hours.is_possible:
            raise DeclarationError(where, "the times do not follow one another")
        found.setdefault(line["code"], []).append(hours)
    if min((h.starts_on for h in found.get(NATION, [])), default=LAST) > FIRST:
        raise DeclarationError(f"{LIST}.csv", f"no line for {NATION} from {FIRST} on")
    return {code: sorted(lines, key=lambda h: h.starts_on) for code, lines in found.items()}


def _hours(line: dict[str, str]) -> Hours:
    if line["works_saturday_morning"] not in ("0", "1"):
        raise ValueError(line["works_saturday_morning"])
    return Hours(
        starts_on=dt.date.fromisoformat(line["starts_on"]),
        opens=dt.time.fromisoformat(line["opens"]),
        noon_from=dt.time.fromisoformat(line["noon_from"]),
        noon_to=dt.time.fromisoformat(line["noon_to"]),
        closes=dt.time.fromisoformat(line["closes"]),
        receives_until=dt.time.fromisoformat(line["receives_until"]),
        works_saturday_morning=line["works_saturday_morning"] == "1",
    )


def offices() -> list[str]:
    """The codes that have hours of their own: the nation's and some areas'."""
    return sorted(_lines())


def office_of(area: str) -> str:
    """The code whose hours an area keeps: its own, those of the province it has become part of, or
    the nation's."""
    known = (code for code in (area, province_since_34().get(area)) if code in _lines())
    return next((code for code in known if code), NATION)


@cache
def hours(office: str, day: dt.date) -> Hours:
    """The hours in force at `office` on `day`."""
    known = [line for line in _lines()[office] if line.starts_on <= day]
    return known[-1] if known else hours(NATION, day)


@cache
def sessions(office: str, day: dt.date) -> tuple[Session, ...]:
    """The morning and the afternoon that `office` works on `day`; none on a day off.

    A Saturday morning is worked only at an ordinary weekend: where the Friday before or the Monday
    after is off, the Saturday belongs to the holiday.
    """
    now = hours(office, day)
    if is_worked(day):
        return ((now.opens, now.noon_from), (now.noon_to, now.closes))
    if now.works_saturday_morning and _is_ordinary_saturday(day):
        return ((now.opens, now.noon_from),)
    return ()


def _is_ordinary_saturday(day: dt.date) -> bool:
    if day.weekday() != SATURDAY or not FIRST < day <= LAST - 2 * ONE_DAY:
        return False
    return is_worked(day - ONE_DAY) and is_worked(day + 2 * ONE_DAY)


def receives_until(office: str, day: dt.date) -> dt.time | None:
    """The last time at which what `office` receives on `day` counts for that day; None on a day
    off."""
    open_times = sessions(office, day)
    return min(hours(office, day).receives_until, open_times[-1][1]) if open_times else None
