"""The truth: what every indicator must be, put together from what each record kind adds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from catalog.areas import NATION, areas
from simulator.clock import ONE_DAY
from simulator.kinds import Case, kind
from simulator.nation import Nation
from simulator.truths import families

Key = tuple[str, str, str]
Counts = dict[Key, tuple[int, int]]
Sums = dict[tuple[str, str, str], dict[dt.date, list[int]]]
"""(indicator, area, period) -> day -> numerator and denominator."""
FINEST = {"month": 0, "quarter": 1, "year": 2}


def _cases(nation: Nation, cutoff: dt.datetime) -> Iterator[Case]:
    for source in nation.sources.values():
        for record in source.records:
            yield from kind(record).cases(nation, source, cutoff)
        for family in families():
            yield from family.cases(nation, source, cutoff)


def _periods(case: Case) -> tuple[str, ...]:
    year, month = case.at.year, case.at.month
    every = (f"{year}-{month:02d}", f"{year}-Q{(month + 2) // 3}", str(year), "all")
    return every[FINEST[case.grain] :]


def _add_up(cases: Iterable[Case]) -> Sums:
    """Sums by day of a stock, and over all days (under the first of all) of anything else."""
    found: Sums = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for case in cases:
        day = case.at.date() if case.is_stock else dt.date.min
        for period in _periods(case):
            sums = found[case.indicator, case.area, period][day]
            sums[0] += case.numerator
            sums[1] += case.denominator
    return found


def truth(nation: Nation, on: dt.date) -> Counts:
    """(indicator, area, period) -> (numerator, denominator), as known at the end of the day `on`.

    Areas are those that a source speaks of, and VN for those in the national totals; periods are
    ``2026-11``, ``2026-Q4``, ``2026`` and ``all``. What is not there is 0/0. Of a stock the nation
    has the sum of what each area had last.
    """
    cutoff = dt.datetime.combine(on + ONE_DAY, dt.time())
    counts: dict[Key, tuple[int, int]] = {}
    for (indicator, area, period), days in _add_up(_cases(nation, cutoff)).items():
        numerator, denominator = days[max(days)]
        shown = (area, NATION) if areas()[area].in_national_totals else (area,)
        for key in ((indicator, place, period) for place in shown):
            n, d = counts.get(key, (0, 0))
            counts[key] = (n + numerator, d + denominator)
    return counts
