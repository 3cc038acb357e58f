"""How the nation's figures changed from one period to the next: the table `change`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow.compute as pc

from catalog import written
from publication.release import Release


class Change(NamedTuple):
    """`change` against the period `before`; `reporters` of it is due to others reporting. Both
    None where one of the two figures is withheld."""

    before: str
    change: float | None
    reporters: float | None


@lru_cache(maxsize=2)
def _changes(release: Release) -> dict[tuple[str, str], Change]:
    rows = release.table("change")
    rows = rows.filter(pc.equal(rows["borders"], "34"))
    return {
        (row["indicator"], row["period"]): Change(
            row["period_before"], _number(row["change"]), _number(row["reporters"])
        )
        for row in rows.to_pylist()
    }


def _number(exact: object) -> float | None:
    return None if exact is None else float(str(exact))


def change_of(release: Release, indicator: str, period: str) -> Change | None:
    return _changes(release).get((indicator, period))


def is_seen(difference: float | None, unit: str) -> bool:
    """Whether there is one, to the digits that are written."""
    return bool(set(written.change(difference, unit, "en")) & set("123456789"))


def way(change: Change | None, told: Mapping[str, Any]) -> str:
    """better, worse or same; empty where there is nothing to compare."""
    if change is None or change.change is None:
        return ""
    if not is_seen(change.change, told["unit"]):
        return "same"
    is_up = change.change > 0
    return "better" if is_up == (told["direction"] == "higher_better") else "worse"
