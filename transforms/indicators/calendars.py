"""The relations by which views reckon with working time; what they mean is in
``docs/decisions/0022-deadlines-recomputed.md``.

- ``{hours}``: area -> the `office` whose hours it keeps.
- ``{office}``: office and day -> `number` of the last working day through it, the keys of that day
  and of the next working day in ``{term}``, until when a reception counts, and working time: how
  much there was before the day and through it, and when its sessions open and close.
- ``{term}``: unit and `due_key`, the day on which a term would end -> the working day that ends it:
  its `number` and the instant `ends_at`. Keys are working days, days, or 31 for each month.
- ``{session}``: office and `slot`, a stretch of `SLOT` of working time -> the sessions in it.

Working time and instants are in microseconds, whole everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from catalog.areas import areas, former
from catalog.night import LOCAL_ZONE
from catalog.office_hours import office_of, offices, receives_until, sessions
from catalog.working_days import FIRST, LAST, is_worked, ordinal, working_days

ONE_DAY, SECOND = dt.timedelta(days=1), 1_000_000
SLOT = 4 * 3600 * SECOND
"""As in ``transforms/views``. Any length would do: a slot may hold parts of several sessions."""
MONTH_KEYS = 31
EPOCH, MIDNIGHT = dt.date(1970, 1, 1), -7 * 3600 * SECOND
"""A day begins in Viet Nam seven hours before it does in UTC, all year since 1975."""


class Opened(NamedTuple):
    """One session: the working time before it, and the instants of its opening and closing."""

    after: int
    opens: int
    closes: int

    @property
    def until(self) -> int:
        return self.after + self.closes - self.opens


def calendars() -> dict[str, pa.Table]:
    """The four relations by name."""
    return {"hours": _hours(), "office": _office(), "term": _term(), "session": _session()}


def _hours() -> pa.Table:
    codes = sorted({*areas(), *(area.code for area in former())})
    return pa.table({"area_code": codes, "office": [office_of(code) for code in codes]})


def instant(day: dt.date, time: dt.time = dt.time()) -> int:
    """A local time of a day."""
    seconds = (day - EPOCH).days * 86_400 + time.hour * 3600 + time.minute * 60 + time.second
    return seconds * SECOND + MIDNIGHT


@cache
def _days() -> tuple[dt.date, ...]:
    return tuple(FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1))


def _day_key(day: dt.date) -> int:
    return (day - FIRST).days


def _month_key(day: dt.date) -> int:
    return ((day.year - FIRST.year) * 12 + day.month - 1) * MONTH_KEYS + day.day - 1


def _reached(day: dt.date) -> int:
    """The number of the first working day on or after `day`."""
    return ordinal(day) + (not is_worked(day))


def _opened(office: str) -> Iterator[tuple[dt.date, list[Opened]]]:
    """Each day with its sessions."""
    worked = 0
    for day in _days():
        found = []
        for opens, closes in sessions(office, day):
            found.append(Opened(worked, instant(day, opens), instant(day, closes)))
            worked = found[-1].until
        yield day, found


@cache
def _office() -> pa.Table:
    rows = [row for office in offices() for row in _office_rows(office)]
    return pa.Table.from_pylist(rows, _schema("office", rows))


def _office_rows(office: str) -> Iterator[dict[str, Any]]:
    worked = 0
    for day, opened in _opened(office):
        number = ordinal(day)
        following = working_days()[number] if number < len(working_days()) else LAST
        until, midnight = receives_until(office, day), instant(day)
        ends = opened or [Opened(worked, midnight, midnight)]
        morning, afternoon = ends[0], ends[-1]
        afternoon = afternoon if len(ends) > 1 else Opened(0, morning.closes, morning.closes)
        through = ends[-1].until
        yield {
            "office": office,
            "day": day,
            "number": number,
            "day_key": _day_key(day),
            "month_key": _month_key(day),
            "next_day_key": _day_key(following),
            "next_month_key": _month_key(following),
            "receives_until_us": instant(day, until) if until else midnight - 1,
            "worked_before_us": worked,
            "worked_through_us": through,
            "opens_us": morning.opens,
            "noon_from_us": morning.closes,
            "noon_to_us": afternoon.opens,
            "closes_us": afternoon.closes,
        }
        worked = through


@cache
def _term() -> pa.Table:
    rows = [row for found in (_working_day_terms(), _day_terms(), _month_terms()) for row in found]
    return pa.Table.from_pylist(rows, _schema("unit", rows))


def _ending(unit: str, due_key: int, number: int) -> Iterator[dict[str, Any]]:
    """The term that the working day `number` ends, at midnight (Civil Code, article 148)."""
    if 1 <= number <= len(working_days()):
        ends_at = dt.datetime.combine(working_days()[number - 1] + ONE_DAY, dt.time(), LOCAL_ZONE)
        yield {"unit": unit, "due_key": due_key, "number": number, "ends_at": ends_at}


def _working_day_terms() -> Iterator[dict[str, Any]]:
    for number in range(1, len(working_days()) + 1):
        yield from _ending("working_day", number, number)


def _day_terms() -> Iterator[dict[str, Any]]:
    for day in _days():
        yield from _ending("day", _day_key(day), _reached(day))


def _month_terms() -> Iterator[dict[str, Any]]:
    """A month without such a day ends on its last one (article 148)."""
    for first in (day for day in _days() if day.day == 1):
        last = (first + MONTH_KEYS * ONE_DAY).replace(day=1) - ONE_DAY
        for number in range(MONTH_KEYS):
            day = min(first + number * ONE_DAY, last)
            yield from _ending("month", _month_key(first) + number, _reached(day))


@cache
def _session() -> pa.Table:
    rows = [
        {"office": office, "slot": slot, "after_us": one.after, "until_us": one.until,
         "opens_us": one.opens}
        for office in offices()
        for _, opened in _opened(office)
        for one in opened
        for slot in range(one.after // SLOT, (one.until - 1) // SLOT + 1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, _schema("office", rows))


def _schema(named: str, rows: list[dict[str, Any]]) -> pa.Schema:
    """Names are texts, what ends ``_us`` is long, days are days, the rest is short."""

    def kind(name: str) -> pa.DataType:
        if name == named:
            return pa.string()
        if name.endswith("_us"):
            return pa.int64()
        return {"day": pa.date32(), "ends_at": pa.timestamp("us", tz="UTC")}.get(name, pa.int32())

    return pa.schema([(name, kind(name)) for name in rows[0]])
