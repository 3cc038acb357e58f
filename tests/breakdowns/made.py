"""Items made by hand: the nation is what they add up to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pyarrow as pa

from catalog.outcomes import OBSERVATION_SCHEMA
from tests.figures.made import RELEASE, SHARE, figure
from transforms.breakdowns import observe
from transforms.breakdowns.counts import PART_SCHEMA
from transforms.indicators import indicators

Counts = dict[tuple[str, str], int]
"""Item, month -> cases."""
Row = dict[str, Any]


def parts(counts: Counts, dimension: str = "channel") -> pa.Table:
    """What is measured of these items."""
    rows = [
        {
            "indicator": SHARE, "definition_version": indicators()[SHARE].version,
            "dimension": dimension, "item": item, "starts_on": dt.date.fromisoformat(f"{month}-01"),
            "numerator": cases // 2, "denominator": cases,
        }
        for (item, month), cases in counts.items()
    ]  # fmt: skip
    return observe(pa.Table.from_pylist(rows, PART_SCHEMA), RELEASE)


def nation(measured: pa.Table, **facts: Any) -> pa.Table:
    """The figures of the nation that these items add up to; `facts` as of `figure`."""
    numerators, denominators = Counter[str](), Counter[str]()
    for row in measured.to_pylist():
        numerators[row["period"]] += row["numerator"]
        denominators[row["period"]] += row["denominator"]
    rows = [figure("VN", p, numerators[p], n, **facts) for p, n in denominators.items()]
    return pa.Table.from_pylist(rows, OBSERVATION_SCHEMA)


def shown(published: pa.Table) -> dict[tuple[str, str], int | str]:
    """Item and period -> how many cases, or why that is not told."""
    return {
        (row["item"], row["period"]): row["reason"] or row["denominator"]
        for row in published.to_pylist()
    }
