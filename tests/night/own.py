"""What the pipeline must say about its own work after clean nights, worked out from what the nation
delivered: every source is merged every night, and its rows end as the defects say."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from catalog.areas import NATION, areas
from catalog.records import own_records
from catalog.settings import CATALOG
from catalog.sources import Source, sources
from catalog.working_days import ordinal
from simulator import Nation
from simulator.nation import Item
from simulator.official_scores import GROUPS, METRICS, TOTAL, UNITS, provinces
from simulator.truth import Counts
from tests.night.expected import delivered, ends
from transforms.indicators import indicators

NOT_TO_FIX = "not_yet_received"
WABO_CASES = 1434
CHANGED = ("NgayCapNhat", "NGAYCAPNHAT")
ENDINGS = {
    "accepted": "data_quality_share",
    "quarantined": "quarantined_share",
    "rejected": "rejected_share",
    "duplicate": "duplicate_share",
}


class Case(NamedTuple):
    """What one delivery or problem adds to a figure of the area on a day."""

    indicator: str
    area: str
    on: dt.date
    numerator: int
    denominator: int


def codes() -> set[str]:
    """The indicators about the pipeline itself."""
    return {code for code, i in indicators().items() if i.record in own_records()}


def own(nation: Nation, nights: Sequence[dt.date], history_days: int) -> Counts:
    """(indicator, area, period) -> counts after the last of these nights; what is not there is 0/0.

    The nights lie in one month, so that each of its periods holds all of them.
    """
    assert len({on.replace(day=1) for on in nights}) == 1
    first = nights[0]
    times = (f"{first:%Y-%m}", f"{first.year}-Q{(first.month + 2) // 3}", str(first.year), "all")
    found: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for case in _cases(nation, tuple(nights), history_days):
        in_totals = areas()[case.area].in_national_totals
        for area in (case.area, NATION) if in_totals else (case.area,):
            for period in times:
                found[case.indicator, area, period][0] += case.numerator
                found[case.indicator, area, period][1] += case.denominator
    return {key: (numerator, denominator) for key, (numerator, denominator) in found.items()}


def _cases(nation: Nation, nights: tuple[dt.date, ...], history_days: int) -> Iterator[Case]:
    for source in sources().values():
        for record in source.records:
            days = {on: history_days if on == nights[0] else None for on in nights}
            arrived = {on: _arrived(nation, source, record, on, d) for on, d in days.items()}
            yield from _deliveries(source, record, arrived)
            yield from _problems(source, record, arrived)


Arrived = tuple[Item, ...]


def _arrived(nation: Nation, source: Source, record: str, on: dt.date, days: int | None) -> Arrived:
    if source.source_id not in nation.sources:
        return ()
    if source.platform == "return_form":  # a file for each day, as over SFTP
        source = source.model_copy(update={"platform": "sftp_files"})
    return tuple(delivered(nation, source, record, on, days))


def _deliveries(source: Source, record: str, arrived: dict[dt.date, Arrived]) -> Iterator[Case]:
    """A nightly source must come each night, a single file on the first; no return is due."""
    due = {"nightly": list(arrived), "once": list(arrived)[:1]}.get(source.frequency, [])
    for on in due:
        for indicator in ("reporting_rate", "timeliness_rate"):
            yield Case(indicator, source.area, on, 1, 1)
    apart: dict[str, Callable[[], dict[str, int]]] = {"manual_drop": _wabo, "portal_766": _portal}
    told = apart.get(source.platform)
    for on in due if told else arrived:
        endings = told() if told else _endings(source, record, arrived[on])
        for ending, indicator in ENDINGS.items():
            yield Case(indicator, source.area, on, endings[ending], sum(endings.values()))


def _end(source: Source, record: str, item: Item) -> tuple[str, str]:
    """How a row must end, and why; it may still be a repeat."""
    found = +ends(source, record, iter([item]))
    return next((end for end in found if end[0] in ("quarantined", "rejected")), ("accepted", ""))


def _endings(source: Source, record: str, items: Arrived) -> dict[str, int]:
    """How many of the rows end in which way."""
    found = Counter(_end(source, record, item)[0] for item in items)
    told = [_content(i) for i in items if _end(source, record, i)[0] == "accepted"]
    found["duplicate"] = len(told) - len(set(told))
    found["accepted"] -= found["duplicate"]
    return {ending: found[ending] for ending in ENDINGS}


def _content(item: Item) -> str:
    """What the row says, whenever it was said."""
    row = {name: cell for name, cell in item.row().items() if name not in CHANGED}
    return json.dumps([item.code, row], sort_keys=True, default=str)


@cache
def _wabo() -> dict[str, int]:
    """The real file: a row for each event, of which one a case counts."""
    with (CATALOG / "samples" / "wabo_receipt.csv").open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    ending = {"accepted": WABO_CASES, "quarantined": 0, "rejected": 0}
    return {**ending, "duplicate": rows - WABO_CASES}


def _portal() -> dict[str, int]:
    """The national portal states each night all scores of a province, and every metric of it and
    its units."""
    metrics = sum(map(len, METRICS.values()))
    rows = len(provinces()) * (len([TOTAL, *GROUPS]) + (1 + UNITS) * metrics)
    return {**dict.fromkeys(ENDINGS, 0), "accepted": rows}


def _problems(source: Source, record: str, arrived: dict[dt.date, Arrived]) -> Iterator[Case]:
    """Records refused by the same check for the first time on the same night are one problem, until
    the last of them has come again without it."""
    first: dict[tuple[str, str], dt.date] = {}
    fixed: dict[tuple[str, str], dt.date] = {}
    for on, items in arrived.items():
        refused, fine = _judged(source, record, items)
        for found in refused:
            first.setdefault(found, on)
            fixed.pop(found, None)
        mended = {f for f in first if f[1] in fine and f not in refused and f not in fixed}
        fixed |= dict.fromkeys(mended, on)
    groups: dict[tuple[str, dt.date], list[dt.date | None]] = defaultdict(list)
    for found, on in first.items():
        groups[found[0], on].append(fixed.get(found))
    for (_, on), closings in groups.items():
        closed = None if None in closings else max(day for day in closings if day)
        yield Case("open_problem_count", source.area, on, int(closed is None), 1)
        if closed:
            yield Case("time_to_fix", source.area, closed, ordinal(closed) - ordinal(on), 1)


def _judged(source: Source, record: str, items: Arrived) -> tuple[set[tuple[str, str]], set[str]]:
    """(check, code) of the rows that the source must correct, and the codes of those accepted."""
    refused, fine = set(), set()
    for item in items:
        end, why = _end(source, record, item)
        if end == "quarantined" and why != NOT_TO_FIX:
            refused.add((why, item.code))
        if end == "accepted":
            fine.add(item.code)
    return refused, fine
