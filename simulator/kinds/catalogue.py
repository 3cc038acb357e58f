"""The national catalogue of procedures: what provinces and ministries handle, the 25 essential
services, and more of each ministry. All but codes and names of the first is invented.

Each month brings the same procedures, whenever the nation opens: 2019, when the portal was opened,
many, later months a few.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from simulator.clock import ONE_DAY
from simulator.kinds.periods import periods
from simulator.kinds.registers import Entry, Version
from simulator.procedures import procedures

PORTAL_OPENED = dt.date(2019, 1, 1)
AT_FIRST, LATER = (24,), (2, 3, 4, 4)
"""How many procedures a month of the portal's first year, and any later month, brings."""
ACTIONS = ("Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Điều chỉnh nội dung", "Thu hồi", "Tạm dừng")
LEVELS = ("information", "partial", "end_to_end", None)
NEXT_LEVEL = {"information": "partial", "partial": "end_to_end"}
TIMES = (
    *((days, "working_day") for days in (3, 5, 7, 10, 15, 20)),
    *((30, "day"), (8, "hour"), (2, "month")),
)
STATED = {0: (8, "hour"), 15: (21, "day"), 25: (35, "day"), 30: (1, "month")}
"""Promised working days -> the statutory time, where that is told in another unit."""


class Procedure(NamedTuple):
    """What the catalogue says of a procedure for as long as it is in it."""

    code: str
    name_vi: str
    field_code: str
    essential: int | None
    is_approved: bool
    has_fee: bool
    requires_result: bool
    is_for_citizens: bool
    time: int
    time_unit: str
    published_on: dt.date

    @property
    def ministry(self) -> str:
        """Who publishes it: the G part of its field."""
        return self.field_code.partition("-")[0]


class Offer(NamedTuple):
    """What may change: how far it is offered online (None: not stated), and when it ends."""

    level: str | None
    ended_on: dt.date | None


@cache
def _lines(name: str) -> tuple[dict[str, str], ...]:
    path = Path(__file__).with_name(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _at(day: dt.date, rng: Random) -> dt.datetime:
    """When a clerk enters something on that day."""
    return dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=rng.randrange(32_000))


def _entry(procedure: Procedure, level: str | None, rng: Random, *, lasts: bool) -> Entry:
    """The procedure's life: entered within days, perhaps raised a level, perhaps ended."""
    entered = procedure.published_on + ONE_DAY * rng.randint(0, 3)
    raised = entered + ONE_DAY * rng.randint(100, 4000)
    ends = entered + ONE_DAY * rng.randint(300, 4000)
    is_raised = rng.random() < 0.25
    is_ended = rng.random() < 0.12 and not lasts
    told = ends - ONE_DAY * rng.randint(0, 20)
    versions = [Version(_at(entered, rng), Offer(level, None))]
    if is_raised and (raised < told or not is_ended):
        level = NEXT_LEVEL.get(level or "", level)
        versions.append(Version(_at(raised, rng), Offer(level, None)))
    if is_ended:
        versions.append(Version(_at(told, rng), Offer(level, ends)))
    return Entry(procedure.code, procedure, tuple(versions))


def _early(rng: Random) -> dt.date:
    return PORTAL_OPENED + ONE_DAY * rng.randrange(1200)


def _handled(seed: str) -> Iterator[Entry]:
    """The procedures that dossiers are about."""
    essential = {line["code"]: int(line["number"]) for line in _lines("essential") if line["code"]}
    for one in chain(procedures("province"), procedures("ministry")):
        rng = Random(f"{seed}/{one.code}")
        time, unit = STATED.get(one.days, (one.days, "working_day"))
        facts = (rng.random() < 0.5, any(one.fees), True, rng.random() < 0.8)
        about = (one.code, one.name_vi, one.field_code, essential.get(one.code))
        procedure = Procedure(*about, *facts, time, unit, _early(rng))
        yield _entry(procedure, one.level, rng, lasts=True)


def _essential(seed: str) -> Iterator[Entry]:
    """The other essential services of Project 06."""
    for line in _lines("essential"):
        if not line["code"]:
            number = int(line["number"])
            rng = Random(f"{seed}/essential/{number}")
            about = (f"3.000{number:03d}", line["name_vi"], line["field_code"], number)
            facts = (True, rng.random() < 0.3, True, True)
            procedure = Procedure(*about, *facts, *rng.choice(TIMES), _early(rng))
            yield _entry(procedure, line["level"], rng, lasts=True)


def _further(seed: str, through: dt.date) -> Iterator[Entry]:
    """What each month through a day has brought; months have room for 99."""
    for index, month in enumerate(periods("monthly", PORTAL_OPENED, through)):
        rng = Random(f"{seed}/{month.text}")
        count = rng.choice(AT_FIRST if index < 12 else LATER)
        for number in range(1, count + 1):
            yield _invented(f"3.{100_000 + index * 100 + number}", month.starts_on, rng)


def _invented(code: str, month: dt.date, rng: Random) -> Entry:
    subject = rng.choice(_lines("subjects"))
    level = rng.choices(LEVELS, (34, 34, 31, 1))[0]
    name = f"{rng.choice(ACTIONS)} {subject['subject_vi']}"
    is_approved = level in ("partial", "end_to_end") and rng.random() < 0.6
    facts = (is_approved, rng.random() < 0.55, rng.random() < 0.92, rng.random() < 0.6)
    published_on = month + ONE_DAY * rng.randrange(28)
    about = (code, name, subject["field_code"], None)
    procedure = Procedure(*about, *facts, *rng.choice(TIMES), published_on)
    return _entry(procedure, level, rng, lasts=False)


def catalogue(seed: str, through: dt.date) -> tuple[Entry, ...]:
    """Every procedure published by the end of the month of `through`, ended ones too."""
    return _catalogue(seed, through.replace(day=1))


@lru_cache(maxsize=8)
def _catalogue(seed: str, month: dt.date) -> tuple[Entry, ...]:
    return (*_handled(seed), *_essential(seed), *_further(seed, month))
