"""Figures that a source states in its returns, and the truth about them.

A source states each figure for each of its areas and periods once, some days or weeks after the
period; now and then an area is left out, or restated later. A source without periods (the national
portal's daily figures) is answered by its platform alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.sources import Source
from simulator.clock import ONE_DAY
from simulator.kinds import Case, State
from simulator.kinds.figures import SCORE, Setting, figure
from simulator.kinds.periods import Period, periods
from simulator.kinds.places import inhabitants, places
from simulator.kinds.registers import Entry, Version, known
from simulator.kinds.registers import states as standing_states
from simulator.official_scores import TOTAL, official_scores
from simulator.wire import stamp

if TYPE_CHECKING:
    from simulator.nation import Nation

DELAYS = {"monthly": (3, 12), "quarterly": (5, 20), "yearly": (60, 110)}
"""Frequency -> after how many days at least and at most a period is reported on."""
LEFT_OUT, LATE, RESTATED = 0.03, 0.2, 0.04
"""Shares of the areas that are left out, or come late, and of the figures that are restated."""
TWO_LEVELS = dt.date(2025, 7, 1)


class Stated(NamedTuple):
    """What is stated, about whom and when."""

    figure: str
    area: str
    period: Period


Amount = tuple[int, int]
"""Numerator and denominator."""


def _at(day: dt.date, rng: Random) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=rng.randrange(30_000))


def _amount(seed: str, stated: Stated, luck: Random) -> Amount:
    own = Random(f"{seed}/{stated.figure}/{stated.area}")
    years = (stated.period.ends_on - TWO_LEVELS).days / 365
    setting = Setting(own, luck, inhabitants(stated.area), years)
    return figure(stated.figure).draw(setting)


class Handed(NamedTuple):
    """The days on which a source hands in its return, what came late, and corrections."""

    first: dt.date
    late: dt.date
    corrected: dt.date


def _handed(seed: str, frequency: str, period: Period) -> Handed:
    rng = Random(f"{seed}/{period.text}")
    first = period.ends_on + ONE_DAY * rng.randint(*DELAYS[frequency])
    late = first + ONE_DAY * rng.randint(2, 14)
    return Handed(first, late, late + ONE_DAY * rng.randint(5, 20))


@lru_cache(maxsize=20_000)
def _report(
    seed: str, frequency: str, figures: tuple[str, ...], area: str, period: Period
) -> tuple[Entry, ...]:
    """What a source says of one area for one period, if anything."""
    rng, handed = Random(f"{seed}/{area}/{period.text}"), _handed(seed, frequency, period)
    if rng.random() < LEFT_OUT:
        return ()
    day = handed.late if rng.random() < LATE else handed.first
    stated = (Stated(code, area, period) for code in figures)
    return tuple(_entry(seed, one, day, handed.corrected) for one in stated)


def _entry(seed: str, stated: Stated, day: dt.date, corrected: dt.date) -> Entry:
    code = f"{stated.figure}/{stated.area}/{stated.period.text}"
    luck = Random(f"{seed}/{code}")
    versions = [Version(_at(day, luck), _amount(seed, stated, luck))]
    if luck.random() < RESTATED:
        versions.append(Version(_at(corrected, luck), _amount(seed, stated, luck)))
    return Entry(code, stated, tuple(versions))


def _since(source: Source) -> dt.date:
    """The first period is the one in which the source starts; of years, the one before."""
    start = source.starts_on
    return start.replace(year=start.year - 1, day=1) if source.frequency == "yearly" else start


def _entries(nation: Nation, source: Source, until: dt.datetime) -> Iterator[Entry]:
    """All that is ever stated of the periods that began before `until`."""
    seed, figures = f"{nation.seed}/{source.source_id}", tuple(source.figures)
    for period in periods(source.frequency, _since(source), until.date()):
        for area in places(source):
            yield from _report(seed, source.frequency, figures, area, period)


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    return standing_states(nation, _entries(nation, source, until), since, until)


def row(subject: Stated, state: Version) -> dict[str, Any]:
    number, whole = state.content
    written = figure(subject.figure).written
    points = f"{number // SCORE},{number % SCORE:02d}"
    return {
        "MaSoLieu": subject.figure,
        "MaDonVi": subject.area,
        "Ky": subject.period.text,
        "TuSo": points if written == "points" else str(number),
        "MauSo": str(whole) if written == "share" else "",
        "NgayCapNhat": stamp(state.at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    yield from counted(known(nation, _entries(nation, source, cutoff), cutoff))
    if "score_766" in source.figures:
        yield from _of_portal(nation, source, (cutoff - ONE_DAY).date())


def counted(reported: Iterable[tuple[Stated, Amount]]) -> Iterator[Case]:
    """A flow belongs to the first day of its period, a stock to the last."""
    for stated, (numerator, denominator) in reported:
        told = figure(stated.figure)
        day = stated.period.ends_on if told.is_stock else stated.period.starts_on
        at = dt.datetime.combine(day, dt.time())
        kept = (told.is_stock, told.grain)
        if told.indicator:
            yield Case(told.indicator, stated.area, at, numerator, denominator, *kept)


def _of_portal(nation: Nation, source: Source, on: dt.date) -> Iterator[Case]:
    """The national portal's score of each province for the year, as it stands on the day `on`."""
    scores, at = official_scores(nation.seed, on.year), dt.datetime.combine(on, dt.time())
    for area in filter(scores.__contains__, places(source)):
        total = scores[area][TOTAL]
        yield Case("score_766_portal", area, at, total, SCORE, is_stock=True, grain="year")
