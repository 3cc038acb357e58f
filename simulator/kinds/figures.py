"""What each reported figure is like, and which indicator its truth belongs to.

Values are invented within plausible bounds: an area has its own level, a period its own luck.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Literal, NamedTuple

from catalog import codelists

Grain = Literal["month", "quarter", "year"]
SCORE = 100
"""Scores are kept in hundredths, so that they have this denominator."""


class Setting(NamedTuple):
    """What a value depends on: draws that the area always repeats, draws of this one period,
    the millions of inhabitants, and how many years after mid-2025 it is."""

    own: Random
    luck: Random
    millions: float
    years: float


Draw = Callable[[Setting], tuple[int, int]]


class Figure(NamedTuple):
    """How a figure is drawn, how it is written, and what it is counted as.

    Written as points, as a share (number and whole), or as a plain number, which has the
    denominator 1. One without an `indicator` is stated and counted nowhere.
    """

    draw: Draw
    written: Literal["points", "share", "number"]
    is_stock: bool = True
    indicator: str = ""
    grain: Grain = "month"


def _number(value: float) -> tuple[int, int]:
    return int(value), 1


def _part(share: float, whole: float) -> tuple[int, int]:
    return int(min(share, 0.99) * int(whole)), int(whole)


def _points(low: float, high: float) -> Draw:
    def draw(at: Setting) -> tuple[int, int]:
        points = at.own.uniform(low, high) + at.luck.uniform(-1, 1)
        return round(points * 100), SCORE

    return draw


def _accounts(at: Setting) -> tuple[int, int]:
    share = at.own.uniform(0.15, 0.4) * (1 + 0.15 * at.years)
    return _number(share * at.millions * 1e6 + at.luck.uniform(0, 999))


def _households(at: Setting) -> tuple[int, int]:
    share = at.own.uniform(0.3, 0.6) + 0.08 * at.years
    return _part(share, at.millions * 1e6 / 3.6)


def _documents(at: Setting) -> tuple[int, int]:
    share = at.own.uniform(0.75, 0.97) + at.luck.uniform(-0.02, 0.02)
    return _part(share, at.millions * at.luck.uniform(9_000, 15_000))


def _apologies(at: Setting) -> tuple[int, int]:
    share = at.own.uniform(0.3, 0.8) + at.luck.uniform(-0.2, 0.15)
    return _part(share, 1 + at.millions * at.luck.uniform(20, 60))


def _up_to(most: int) -> Draw:
    """A number a period, often small: `most` is the most active area's mean, doubled."""

    def draw(at: Setting) -> tuple[int, int]:
        return _number(at.luck.uniform(0, at.own.uniform(1, most)))

    return draw


def _merged(at: Setting) -> tuple[int, int]:
    """Most are merged from the start, the others within three years."""
    late = at.own.random() * 3 if at.own.random() < 0.2 else 0
    return _number(at.years >= late)


def _desks(at: Setting) -> tuple[int, int]:
    return _number(at.own.uniform(25, 32) * at.millions)


def _share(at: Setting) -> tuple[int, int]:
    return _part(at.own.uniform(0.1, 0.95), at.luck.uniform(100, 9_000))


FIGURES: dict[str, Figure] = {
    "portal_account": Figure(_accounts, "number", True, "portal_account_count"),
    "household_user": Figure(_households, "share", True, "household_user_share"),
    "electronic_document": Figure(_documents, "share", False, "electronic_document_share"),
    "regulations_cut": Figure(_up_to(40), "number", False, "regulations_cut_count", "quarter"),
    "reduction_plans_approved": Figure(
        _up_to(20), "number", False, "reduction_plans_count", "quarter"
    ),
    "merged_portal": Figure(_merged, "number", True, "merged_portal_count", "quarter"),
    "apology": Figure(_apologies, "share", False, "apology_share"),
    "sipas": Figure(_points(77, 90), "points", True, "sipas_score", "year"),
    "par_index": Figure(_points(79, 92), "points", True, "par_index_score", "year"),
    "papi": Figure(_points(39, 47), "points", True, "papi_score", "year"),
    "one_stop_desk": Figure(_desks, "number"),
}


def figure(code: str) -> Figure:
    """What the figure of that code is like; where nothing is said above, as its kind is."""
    kinds = {line["code"]: line["kind"] for line in codelists.rows("figure")}
    usual = Figure(_points(50, 70), "points") if kinds[code] == "score" else Figure(_share, "share")
    return FIGURES.get(code, usual)
