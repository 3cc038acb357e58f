"""The truth: what every indicator must be, put together from what each record kind adds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from catalog.areas import NATION, areas, province_since_34
from simulator.clock import ONE_DAY
from simulator.kinds import Case, kind
from simulator.nation import Nation
from simulator.truths import families

Key = tuple[str, str, str]
Counts = dict[Key, tuple[int, int]]
Sums = dict[Key, dict[dt.date, dict[str, list[int]]]]
"""(indicator, area of today, period) -> day -> area as reported -> numerator and denominator."""
FINEST = {"month": 0, "quarter": 1, "year": 2}


def _cases(nation: Nation, cutoff: dt.datetime) -> Iterator[Case]:
    for source in nation.sources.values():
        for record in source.records:
            yield from kind(record).cases(nation, source, cutoff)
        for family in families():
            yield from family.cases(nation, source, cutoff)


def _periods(case: Case) -> tuple[str, ...]:
    if case.period:
        return (case.period,)
    year, month = case.at.year, case.at.month
    every = (f"{year}-{month:02d}", f"{year}-Q{(month + 2) // 3}", str(year), "all")
    return every[FINEST[case.grain] :]


def _add_up(nation: Nation, on: dt.date) -> Sums:
    """Sums by day of a stock, and over all days (under the first of all) of anything else."""
    cutoff = dt.datetime.combine(on + ONE_DAY, dt.time())
    found: Sums = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: [0, 0])))
    for case in _cases(nation, cutoff):
        day = case.at.date() if case.is_stock else dt.date.min
        home = province_since_34().get(case.area, case.area)
        for period in _periods(case):
            sums = found[case.indicator, home, period][day][case.area]
            sums[0] += case.numerator
            sums[1] += case.denominator
    return found


def truth(nation: Nation, on: dt.date) -> Counts:
    """(indicator, area, period) -> (numerator, denominator), as known at the end of the day `on`.

    Areas are those of today that a source speaks of, and VN for those in the national totals;
    periods are ``2026-11``, ``2026-Q4``, ``2026`` and ``all``. What is not there is 0/0. Of a stock
    the nation has the sum of what each area had last.
    """
    return _shown(_add_up(nation, on), as_reported=False)


def truth_as_reported(nation: Nation, on: dt.date) -> Counts:
    """The same for VN and the provinces before 2025-07-01: what was reported under the code of
    each. Of a stock each has what it had on the last day that its province of today told of."""
    counts = _shown(_add_up(nation, on), as_reported=True)
    today = (area.code for area in areas().values() if area.kind == "province")
    named = {NATION, *province_since_34(), *today}
    return {key: amount for key, amount in counts.items() if key[1] in named}


def _shown(sums: Sums, as_reported: bool) -> Counts:
    counts: dict[Key, tuple[int, int]] = {}
    for (indicator, home, period), days in sums.items():
        is_in_totals = areas()[home].in_national_totals
        for place, (numerator, denominator) in days[max(days)].items():
            own = place if as_reported else home
            for area in (own, NATION) if is_in_totals else (own,):
                n, d = counts.get((indicator, area, period), (0, 0))
                counts[indicator, area, period] = (n + numerator, d + denominator)
    return counts
