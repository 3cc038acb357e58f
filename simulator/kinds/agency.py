"""The register of agencies and one-stop desks, and the truth about it.

Each province has its departments, some with a desk, a centre of its own, and communes with a
centre or a desk since 2025-07-01; the desks of the districts ended that day.
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
from simulator.kinds.periods import month_ends
from simulator.kinds.places import UNITS, is_province, places, size
from simulator.kinds.registers import Entry, Version, known
from simulator.kinds.registers import states as standing_states
from simulator.kinds.scalars import day, flag
from simulator.wire import stamp, words

if TYPE_CHECKING:
    from simulator.nation import Nation

TWO_LEVELS = dt.date(2025, 7, 1)
"""Districts ended, communes were drawn anew."""
DESKS = frozenset({"one_stop_desk", "centre"})
DISTRICTS, COMMUNES = 4, 22
"""Desks of so many districts and communes of the usual province are in the register."""


class Agency(NamedTuple):
    """What never changes of a unit."""

    code: str
    name_vi: str
    kind: str
    valid_from: dt.date

    @property
    def area(self) -> str:
        return self.code.partition(".")[0]


class Standing(NamedTuple):
    """What changes: a quality certificate (None: not stated), and the day on which it is gone."""

    has_iso: bool | None
    valid_to: dt.date | None


def _units(area: str, rng: Random) -> Iterator[Agency]:
    """All units that a province ever has."""
    before = dt.date(2016, 1, 1)
    for number in range(1, UNITS + 4):
        code, founded = f"{area}.{number:02d}", before + ONE_DAY * rng.randrange(3000)
        yield Agency(code, f"Sở số {number}", "administration", founded)
        if rng.random() < 0.5:
            desk = f"Bộ phận Một cửa Sở số {number}"
            yield Agency(f"{code}.01", desk, "one_stop_desk", founded + ONE_DAY * 200)
    name = "Trung tâm Phục vụ hành chính công cấp tỉnh"
    yield Agency(f"{area}.60", name, "centre", before + ONE_DAY * rng.randrange(3000))
    for number in range(1, round(DISTRICTS * size(area)) + 1):
        name = f"Bộ phận Một cửa huyện số {number}"
        yield Agency(f"{area}.{60 + number}", name, "one_stop_desk", dt.date(2018, 8, 1))
    for number in range(1, round(COMMUNES * size(area)) + 1):
        yield _of_commune(area, number, rng)


def _of_commune(area: str, number: int, rng: Random) -> Agency:
    is_centre, is_late = rng.random() < 0.7, rng.random() < 0.1
    name = "Trung tâm Phục vụ hành chính công" if is_centre else "Bộ phận Một cửa"
    opened = TWO_LEVELS + ONE_DAY * rng.randrange(1, 1100) * is_late
    kind = "centre" if is_centre else "one_stop_desk"
    return Agency(f"{area}.{100 + number}", f"{name} xã số {number}", kind, opened)


def _entry(agency: Agency, rng: Random) -> Entry:
    """The unit's life in the register: entered, perhaps certified, perhaps closed."""
    is_desk, is_of_district = agency.kind in DESKS, " huyện " in agency.name_vi
    has_iso = rng.random() < 0.35 if is_desk else None
    entered = agency.valid_from - ONE_DAY * rng.randint(-3, 10)
    certified, closes = (max(entered, TWO_LEVELS) + ONE_DAY * rng.randint(30, 1200) for _ in "12")
    versions = [Version(_at(entered, rng), Standing(has_iso, None))]
    if has_iso is False and not is_of_district and rng.random() < 0.15:
        versions.append(Version(_at(certified, rng), Standing(has_iso := True, None)))
    if is_of_district:
        versions.append(Version(_at(TWO_LEVELS, rng), Standing(has_iso, TWO_LEVELS)))
    elif is_desk and rng.random() < 0.08 and closes - certified > ONE_DAY * 5:
        told = _at(closes - ONE_DAY * rng.randint(0, 5), rng)
        versions.append(Version(told, Standing(has_iso, closes)))
    return Entry(agency.code, agency, tuple(versions))


def _at(day: dt.date, rng: Random) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=rng.randrange(32_000))


@lru_cache(maxsize=256)
def _register(seed: str, area: str) -> tuple[Entry, ...]:
    rng = Random(f"{seed}/agency/{area}")
    return tuple(_entry(unit, rng) for unit in list(_units(area, rng)))


def _entries(nation: Nation, source: Source) -> Iterator[Entry]:
    for area in filter(is_province, places(source)):
        yield from _register(f"{nation.seed}/{source.source_id}", area)


def states(
    nation: Nation, source: Source, since: dt.datetime, until: dt.datetime
) -> Iterator[State]:
    return standing_states(nation, _entries(nation, source), since, until)


def row(subject: Agency, state: Version) -> dict[str, Any]:
    standing: Standing = state.content
    return {
        "MADONVI": subject.code,
        "TENDONVI": subject.name_vi,
        "LOAIDONVI": words("agency_kind")[subject.kind],
        "ISO9001": flag(standing.has_iso),
        "TUNGAY": day(subject.valid_from),
        "DENNGAY": day(standing.valid_to),
        "NGAYCAPNHAT": stamp(state.at),
    }


def cases(nation: Nation, source: Source, cutoff: dt.datetime) -> Iterator[Case]:
    registered = known(nation, _entries(nation, source), cutoff)
    return stock(registered, source.starts_on, (cutoff - ONE_DAY).date())


def stock(
    registered: Iterable[tuple[Agency, Standing]], since: dt.date, on: dt.date
) -> Iterator[Case]:
    """What the register that is known on the day `on` held in each month from that of `since`:
    desks and centres of all units, and of these the certified."""
    by_area: dict[str, list[tuple[Agency, Standing]]] = {}
    for agency, standing in registered:
        by_area.setdefault(agency.area, []).append((agency, standing))
    for month, counted_on in month_ends(since, on):
        for area, units in by_area.items():
            valid = [unit for unit in units if is_valid(*unit, counted_on)]
            desks = [standing for agency, standing in valid if agency.kind in DESKS]
            certified = sum(bool(standing.has_iso) for standing in desks)
            if valid:
                count = len(desks)
                yield Case("one_stop_desk_count", area, month, count, len(valid), is_stock=True)
            if desks:
                yield Case("iso_desk_share", area, month, certified, len(desks), is_stock=True)


def is_valid(agency: Agency, standing: Standing, on: dt.date) -> bool:
    """Whether it exists on that day; on the first day of its absence it does not."""
    return agency.valid_from <= on and (standing.valid_to is None or standing.valid_to > on)
