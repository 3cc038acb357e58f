"""What is known about a delivery as a whole: the one row that batch checks look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from catalog.night import Night
from catalog.records import Record
from catalog.sources import Source
from expectations.filling import Filled, emptied
from expectations.outlook import History, outlook
from expectations.thresholds import size_of

FACTS = {
    "platform": pa.string(),
    "size": pa.string(),
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
    "emptied": pa.string(),
}
"""Fact -> type. `platform` is the source's, `size` its usual night's (see `thresholds.SIZES`).
`received` counts the rows sent, also those `rejected`; their share is known from
a handful of rows on; `floor` and `ceiling` are
the source's own; `earlier_nights` is the length of the history, whose first night, the initial
load, says nothing about a usual night and is left out of what follows. `expected`, `shortfall` and
`scatter` are those of `outlook`. `newest_age_days` is how long before the cutoff the newest
version was made, in days. `emptied` names the columns that `filling.emptied` finds. A fact that is
not known is null, and no check fails on it."""

HANDFUL = 5
"""Rows from which on a share of them says anything."""


class Sent(NamedTuple):
    """How many rows the source sent, and how many of them could not be understood."""

    received: int
    rejected: int = 0


def _age_in_days(table: pa.Table, night: Night) -> float | None:
    newest = pc.max(table["version_at"]).as_py()
    return None if newest is None else (night.cutoff - newest) / dt.timedelta(days=1)


def batch_facts(
    source: Source,
    record: Record,
    table: pa.Table,
    night: Night,
    sent: Sent,
    history: History,
    filled: Sequence[Filled] = (),
) -> dict[str, Any]:
    """The facts of one batch by name; `filled` are the nights before, as `emptied` wants them."""
    volume, received = source.volume.get(record.kind), sent.received
    foreseen = outlook(night.on, received, history[1:])
    return {
        "platform": source.platform,
        "size": size_of(foreseen["expected"] or received),
        "frequency": source.frequency,
        "received": received,
        "rejected": sent.rejected,
        "rejected_share": sent.rejected / received if received >= HANDFUL else None,
        "floor": volume and volume.floor,
        "ceiling": volume and volume.ceiling,
        "earlier_nights": len(history),
        **foreseen,
        "newest_age_days": _age_in_days(table, night),
        "emptied": emptied(record, table, night.on, filled),
    }
