"""What each stage reports about its work: the rows of the ledger, and why a row was turned away."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pyarrow as pa

Stage = Literal["collect", "conform", "judge", "merge"]

REJECT_SCHEMA = pa.schema(
    [
        pa.field("page_sha256", pa.string(), nullable=False),
        pa.field("page_row", pa.int32(), nullable=False),
        pa.field("record_key", pa.string()),
        pa.field("field", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""Rows that could not be conformed: where the row stands, which source column, a reason code.
Never the value."""

FINDING_SCHEMA = pa.schema(
    [
        pa.field("check_id", pa.string(), nullable=False),
        pa.field("check_version", pa.int32(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("row_index", pa.int64()),
        pa.field("record_key", pa.string()),
        pa.field("page_sha256", pa.string()),
        pa.field("page_row", pa.int32()),
    ]
)
"""What the checks found: one row per failing row and check; no `row_index` for a finding about
the whole batch. `row_index` is the position in the conformed table."""


@dataclass(frozen=True)
class LedgerRow:
    """One stage of one batch. The sums hold: received = accepted + quarantined + rejected +
    duplicate; after a merge accepted = inserted + updated + unchanged + superseded.

    `verdict` is ``ok``, ``quarantined``, ``held`` or ``failed``; a held batch counts all its rows
    as quarantined, and `problem` says why.
    """

    source_id: str
    record: str
    batch_id: str
    batch_on: str
    stage: Stage
    received: int = 0
    accepted: int = 0
    quarantined: int = 0
    rejected: int = 0
    duplicate: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    pages: int = 0
    bytes: int = 0
    attempts: int = 0
    verdict: str = "ok"
    problem: str = ""
    cursor_after: str = ""
    code_version: str = ""

    def balances(self) -> bool:
        """Whether the row's sums hold."""
        kept = self.accepted + self.quarantined + self.rejected + self.duplicate
        merged = self.inserted + self.updated + self.unchanged + self.superseded
        return self.received == kept and (self.stage != "merge" or self.accepted == merged)

    def with_(self, **changes: Any) -> LedgerRow:
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


OBSERVATION_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("borders", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("numerator", pa.int64()),
        pa.field("denominator", pa.int64()),
        pa.field("value", pa.float64()),
        pa.field("coverage", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""One published figure. `borders` is ``34``, all data restated on today's provinces, or ``63``, as
reported under the codes of the provinces before 2025-07-01. `level` is nation, province, ministry,
other or agency; `period_type` is day, month, quarter, year or all; `status` is provisional, final,
no_data (0/0), missing (nobody reported) or withheld; `reason` is why there is no value (a code of
``codelists/no_value.csv``), empty where there is one. `coverage` is the share of the units expected
to report that did, 0 to 1."""

PERIOD = pa.struct([("starts_on", pa.date32()), ("ends_on", pa.date32())])

REPORTING_SCHEMA = pa.schema(
    [
        pa.field("area", pa.string(), nullable=False),
        pa.field("stream", pa.string(), nullable=False),
        pa.field("starts_on", pa.date32(), nullable=False),
        pa.field("complete_through", pa.date32()),
        pa.field("silent", pa.list_(PERIOD)),
    ]
)
"""Who must report what (a record kind, or ``reported_figure:<code>``), from when, and through which
day the data is complete, but for the `silent` periods, of which nothing was ever said. An area may
have several systems: one row each."""

DETECTION_SCHEMA = pa.schema(
    [
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("detector", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("cases", pa.int64(), nullable=False),
        pa.field("of", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
        pa.field("threshold", pa.float64(), nullable=False),
        pa.field("is_found", pa.bool_(), nullable=False),
        pa.field("column_name", pa.string(), nullable=False),
    ]
)
"""What a detector saw at a source that has enough records of the last 90 days: `cases` of `of`.
`kind` is ``gaming``, reported beside the source's figures, or ``constant``, by which the source
does not feed the indicators that use `column_name`. `is_found`: the share reaches the threshold,
and the source's file does not accept it."""

BREAKDOWN_SCHEMA = pa.schema(
    [
        pa.field("release", pa.string(), nullable=False),
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("definition_version", pa.int32(), nullable=False),
        pa.field("dimension", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_type", pa.string(), nullable=False),
        pa.field("numerator", pa.int64()),
        pa.field("denominator", pa.int64()),
        pa.field("value", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""One figure of the nation about a part of the dossiers: those whose column `dimension` holds
`item`, a code; empty where the source stated none. Status and reason as of OBSERVATION_SCHEMA."""
