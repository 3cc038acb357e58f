"""What is known about a delivery as a whole: the one row that batch checks look at."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from catalog.night import Night
from catalog.sources import Source
from catalog.working_days import is_worked

FACTS = {
    "frequency": pa.string(),
    "received": pa.int64(),
    "rejected": pa.int64(),
    "rejected_share": pa.float64(),
    "floor": pa.int64(),
    "ceiling": pa.int64(),
    "earlier_nights": pa.int64(),
    "expected": pa.float64(),
    "shortfall": pa.float64(),
    "scatter": pa.float64(),
    "newest_age_days": pa.float64(),
}
"""Fact -> type. `received` counts the rows sent, also those `rejected`; their share is known from
a handful of rows on; `floor` and `ceiling` are
the source's own; `earlier_nights` is the length of the history, whose first night, the initial
load, says nothing about a usual night and is left out of what follows. `expected`, `shortfall` and
`scatter` are those of `outlook`. `newest_age_days` is how long before the cutoff the newest
version was made, in days. A fact that is not known is null, and no check fails on it."""

NIGHTS_COMPARED = 8
NIGHTS_NEEDED = 3
HANDFUL = 5
"""Rows from which on a share of them says anything."""
ENOUGH_TO_EXPECT = 12
"""Rows a night from which on none at all is no chance: of 5, one night in 150 is empty."""
WIDEST_SCATTER = 0.9


class Sent(NamedTuple):
    """How many rows the source sent, and how many of them could not be understood."""

    received: int
    rejected: int = 0


History = Sequence[tuple[dt.date, int]]


def expected_rows(on: dt.date, history: History) -> float | None:
    """What the history leads to expect: the median of the last 8 nights of the same kind of day
    (offices open or closed). None with fewer than 3 such nights, or below a dozen rows,
    where an empty night is nothing unusual."""
    alike = [received for day, received in history if is_worked(day) == is_worked(on)]
    recent = alike[-NIGHTS_COMPARED:]
    median = statistics.median(recent) if len(recent) >= NIGHTS_NEEDED else 0
    return float(median) if median >= ENOUGH_TO_EXPECT else None


def outlook(on: dt.date, received: int, history: History) -> dict[str, float | None]:
    """`expected` rows; `shortfall`, the share of them that did not come (negative when more
    came); and `scatter`, the shortfall that chance alone explains.

    A count with mean m scatters by its square root: four standard deviations are 4/sqrt(m) of
    it. A commune with 20 rows a night may well send 4; a city with 20,000 does not drop by 3 %
    by chance. Scatter stays at most 0.9, so that an empty delivery always exceeds it.
    """
    expected = expected_rows(on, history)
    if expected is None:
        return {"expected": None, "shortfall": None, "scatter": None}
    scatter = min(4 / math.sqrt(expected), WIDEST_SCATTER)
    return {"expected": expected, "shortfall": 1 - received / expected, "scatter": scatter}


def _age_in_days(table: pa.Table, night: Night) -> float | None:
    newest = pc.max(table["version_at"]).as_py()
    return None if newest is None else (night.cutoff - newest) / dt.timedelta(days=1)


def batch_facts(
    source: Source, kind: str, table: pa.Table, night: Night, sent: Sent, history: History
) -> dict[str, Any]:
    """The facts of one batch by name."""
    volume, received = source.volume.get(kind), sent.received
    return {
        "frequency": source.frequency,
        "received": received,
        "rejected": sent.rejected,
        "rejected_share": sent.rejected / received if received >= HANDFUL else None,
        "floor": volume and volume.floor,
        "ceiling": volume and volume.ceiling,
        "earlier_nights": len(history),
        **outlook(night.on, received, history[1:]),
        "newest_age_days": _age_in_days(table, night),
    }


def facts_table(*facts: dict[str, Any]) -> pa.Table:
    """Facts as the table that batch checks look at, one row for each batch."""
    return pa.Table.from_pylist(list(facts), schema=pa.schema(FACTS))
