"""Targets that an indicator declares, and whether a figure reaches them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from catalog.finality import ends_on


class Target(NamedTuple):
    """`value` was, or is, to be reached by the day `by`."""

    value: float
    by: dt.date
    legal_basis: str


def targets(told: Mapping[str, Any]) -> list[Target]:
    """Those of an entry of the release's catalogue, the earliest first."""
    found = [
        Target(target["value"], dt.date.fromisoformat(target["by"]), target["legal_basis"])
        for target in told["targets"]
    ]
    return sorted(found, key=lambda target: target.by)


def target_of(told: Mapping[str, Any], period: str) -> Target | None:
    """The target that a figure of a period is held to: the newest that was due by the period's
    end, else the next that will be."""
    known, end = targets(told), ends_on(period)
    due = [target for target in known if end and target.by <= end]
    return next(iter(due[-1:] or known), None)


def is_reached(told: Mapping[str, Any], value: float | None, target: Target | None) -> bool | None:
    """None where there is no figure, or no target."""
    if value is None or target is None:
        return None
    higher = told["direction"] == "higher_better"
    return value >= target.value if higher else value <= target.value
