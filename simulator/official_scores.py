"""What the nation's portal says about Decision 766: invented, within the portal's own bounds.

Scores are those of a year; the portal names no day with them, so they stand still within it.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import NamedTuple

from catalog.areas import areas

TOTAL = "TOTAL"
UNITS = 4
"""Units of a province that the portal lists beside the province itself."""


class Group(NamedTuple):
    """A group of Decision 766: its greatest score, and the lowest and highest of a province as
    published on 2026-10-05; hundredths of a point."""

    maximum: int
    lowest: int
    highest: int


class Metric(NamedTuple):
    """A metric's greatest score in points, and how many cases a unit usually has in a year."""

    maximum: int
    cases: int


GROUPS = {
    "CKMB": Group(1800, 600, 1400),
    "TDGQ": Group(2000, 1473, 1916),
    "CLGQ": Group(1200, 651, 996),
    "MDSH": Group(2200, 789, 1199),
    "MDHL": Group(1800, 600, 1410),
    "TTTT": Group(1000, 449, 735),
}
METRICS = {
    "transparency": {
        "PUBLISH_ON_TIME": Metric(6, 60),
        "PUBLIC_UPDATE_ON_TIME": Metric(4, 60),
        "PUBLIC_CONTENT_FULL": Metric(2, 400),
        "DOSSIER_SYNC": Metric(6, 9000),
    },
    "dossier-digitized": {
        "ORIGINAL_RESULT_AVAILABLE": Metric(6, 8000),
        "SO_HOA_GIAY_TO_GIAI_QUYET": Metric(4, 9000),
        "REUSED_DIGITIZED_DATA": Metric(2, 9000),
        "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": Metric(4, 9000),
        "CITIZEN_DATA_CONNECTED_DOSSIER": Metric(2, 9000),
        "CITIZEN_DATA_CONNECTED_FORMALITY": Metric(2, 300),
        "ELECTRONIC_CERTIFIED_COPY": Metric(2, 3),
    },
    "handling-satisfaction": {
        "PETITION_PROCESSING_ON_TIME": Metric(6, 80),
        "PETITION_HANDLING_SATISFACTION": Metric(6, 80),
        "DOSSIER_RECEIVING_SATISFACTION": Metric(6, 9000),
        "PETITION_CLASSIFICATION_TTHC": Metric(0, 80),
        "PETITION_CLASSIFICATION_STAFF": Metric(0, 80),
    },
}
"""The metrics that each endpoint of the portal states, as far as they are known."""

Counts = tuple[int, int]


def provinces() -> list[str]:
    """The H-codes of the 34."""
    return [area.code for area in areas().values() if area.kind == "province"]


def official_scores(seed: int, year: int) -> dict[str, dict[str, int]]:
    """H-code -> group -> the year's score in hundredths of a point, `TOTAL` among the groups."""
    return {code: _scores(Random(f"{seed}/766/{year}/{code}")) for code in provinces()}


def _scores(rng: Random) -> dict[str, int]:
    scores = {code: rng.randint(group.lowest, group.highest) for code, group in GROUPS.items()}
    return {TOTAL: sum(scores.values()), **scores}


def units(province: str) -> list[str]:
    """The codes of a province's units; the province itself is none of them."""
    return [f"{province}.{number:02d}" for number in range(1, UNITS + 1)]


def official_counts(seed: int, unit: str, metric: str, on: dt.date) -> Counts:
    """Numerator and denominator that the portal states for a unit, from 1 January through `on`;
    a province has the sums of its units."""
    if "." not in unit:
        counts = [official_counts(seed, one, metric, on) for one in units(unit)]
        return sum(n for n, _ in counts), sum(d for _, d in counts)
    rng = Random(f"{seed}/766/{on.year}/{unit}/{metric}")
    usual = next(of[metric].cases for of in METRICS.values() if metric in of)
    share = rng.uniform(0.2, 1)
    cases = int(rng.uniform(0, 2) * usual * on.timetuple().tm_yday / 365)
    return int(cases * share), cases
