"""How a source works: drawn once from the seed and the source's id, then kept for ever."""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from catalog.areas import province_since_34
from catalog.identifiers import DECISION_20
from catalog.sources import Source
from simulator.gaming import HONEST, Gaming, gaming
from simulator.procedures import Body

WEEKDAYS = (1.36, 1.3, 1.26, 1.22, 1.21, 0.35, 0.3)
"""Work of each weekday, Monday first, in days' worth; together one week."""
KEPT_OLD_ROOT = 0.4
"""In a merged province, the share of the agencies whose codes are still those of the old one."""
USUAL_MILLIONS = 3.3
"""The mean of ``population.csv`` (rounded; only the proportions matter here)."""


@dataclass(frozen=True)
class Habits:
    """One source's ways. Shares are from 0 to 1; `size` is relative to the usual source.
    `old_roots` are the agencies whose codes still begin with that of a province merged away."""

    body: Body
    root: str
    writes_old_codes: bool
    agencies: int
    size: float
    online: float
    on_time: float
    postal_receipt: float
    postal_return: float
    pays_online: float
    digitises: float
    electronic_result: float
    states_results: bool
    apologises: float
    decides_elsewhere: float
    rated: float
    pleased: float
    local_codes: float
    gaming: Gaming = HONEST
    old_roots: tuple[tuple[int, str], ...] = ()

    def unit(self, number: int) -> str:
        """The code of agency `number` in the generation that the source writes."""
        root = dict(self.old_roots).get(number, self.root)
        if self.writes_old_codes:
            return f"000.00.{number:02d}.{root}"
        return f"{root}.{number:02d}"

    def code(self, agency: int, day: dt.date, sequence: int) -> str:
        """``{unit}-{yyMMdd}-{sequence}``; ministries put their number before the sequence."""
        digits = self.gaming.sequence(agency, day, sequence)
        if self.body == "ministry":
            digits = f"{self.root[1:]}{digits.zfill(5)}"
        return f"{self.unit(agency)}-{day:%y%m%d}-{digits}"


@cache
def millions() -> dict[str, float]:
    """Area -> inhabitants in millions, for the provinces."""
    path = Path(__file__).with_name("population.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {line["area"]: float(line["millions"]) for line in csv.DictReader(file)}


def _root(source: Source, rng: random.Random) -> str:
    """The top unit's code; an area outside the code lists borrows one of the K series."""
    spare = f"K{rng.randint(50, 99)}"
    return source.area if DECISION_20.match(source.area) else spare


def _old_roots(seed: int, source: Source, agencies: int) -> Iterator[tuple[int, str]]:
    """The agencies that kept the code of a province that became part of the source's area."""
    rng = random.Random(f"{seed}/{source.source_id}/roots")
    gone = [code for code, now in province_since_34().items() if now == source.area != code]
    for number in range(1, agencies + 1):
        if gone and rng.random() < KEPT_OLD_ROOT:
            yield number, rng.choice(gone)


def habits(seed: int, source: Source, games: str = "") -> Habits:
    """The habits of `source` in the nation of `seed`, where it `games` its figures in that way."""
    rng = random.Random(f"{seed}/{source.source_id}")
    way = gaming(games)
    drawn = Habits(
        body="ministry" if source.area.startswith("G") else "province",
        root=_root(source, rng),
        writes_old_codes=rng.random() < 0.5,
        agencies=rng.randint(3, 9),
        size=rng.uniform(0.9, 1.1) * math.sqrt(millions().get(source.area, 2.5) / USUAL_MILLIONS),
        online=rng.uniform(0.25, 0.9),
        on_time=rng.uniform(0.82, 0.985),
        postal_receipt=rng.uniform(0.01, 0.06),
        postal_return=rng.uniform(0.05, 0.3),
        pays_online=rng.uniform(0.2, 0.8),
        digitises=rng.uniform(0.2, 0.9),
        electronic_result=rng.uniform(0.2, 0.8),
        states_results=rng.random() < 0.9,
        apologises=rng.uniform(0.2, 0.95),
        decides_elsewhere=rng.uniform(0.01, 0.06),
        rated=rng.uniform(0.15, 0.35),
        pleased=rng.uniform(0.75, 0.97),
        local_codes=rng.random(),
        gaming=way,
    )
    drawn = replace(drawn, old_roots=tuple(_old_roots(seed, source, drawn.agencies)))
    return drawn if way.on_time is None else replace(drawn, on_time=way.on_time)
