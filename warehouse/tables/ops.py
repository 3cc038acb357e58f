"""How the nights went: the ledger, the rejects and the quarantine."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from warehouse.tables.columns import date, integer, metadata, text

COUNTS = {
    "received": "Rows that the stage was given.",
    "accepted": "Rows passed on to the next stage.",
    "quarantined": "Rows kept back because a check refused them, or the batch was held.",
    "rejected": "Rows that could not be understood.",
    "duplicate": "Exact repeats within the batch.",
    "inserted": "Accepted rows with a key seen for the first time.",
    "updated": "Accepted rows that replaced an older version.",
    "unchanged": "Accepted rows equal to what was known.",
    "superseded": "Accepted rows older than what was known.",
    "pages": "Pages landed.",
    "bytes": "Bytes landed.",
    "attempts": "Requests made, repetitions included.",
}


def _batch() -> list[Column[Any]]:
    """Which delivery a row is about."""
    return [
        text("batch_id", "One source's delivery of one record kind on one night."),
        text("source_id", "Which source delivered."),
        text("record", "Record kind."),
        date("batch_on", "The night."),
    ]


ledger = Table(
    "ledger",
    metadata,
    *_batch(),
    text("stage", "collect, conform, judge or merge."),
    *(integer(name, about, big=True) for name, about in COUNTS.items()),
    text("verdict", "ok, quarantined, held or failed."),
    text("problem", "For operators: why it was held or failed."),
    text("cursor_after", "Where the source is to be asked from next, once this batch is merged."),
    text("code_version", "Version of this program."),
    sa.PrimaryKeyConstraint("batch_id", "stage"),
    CheckConstraint("stage IN ('collect', 'conform', 'judge', 'merge')", "stage"),
    CheckConstraint("verdict IN ('ok', 'quarantined', 'held', 'failed')", "verdict"),
    CheckConstraint("received = accepted + quarantined + rejected + duplicate", "received"),
    CheckConstraint(
        "stage <> 'merge' OR accepted = inserted + updated + unchanged + superseded", "merged"
    ),
    CheckConstraint(f"least({', '.join(COUNTS)}) >= 0", "counts"),
    schema="ops",
    comment="One row per batch and stage: where every row that a source sent has gone.",
)
sa.Index("ledger_by_night", ledger.c.source_id, ledger.c.record, ledger.c.batch_on)

reject = Table(
    "reject",
    metadata,
    *_batch(),
    text("page_sha256", "The landed page that holds the row."),
    integer("page_row", "Position in that page, from 1."),
    text("record_key", "The record's key, where it could be read.", null=True),
    text("field", "The source's own column."),
    text("reason", "Reason code; never the value."),
    date("fixed_on", "The night that brought the record right; missing where none has.", null=True),
    sa.PrimaryKeyConstraint("batch_id", "page_sha256", "page_row", "field", "reason"),
    CheckConstraint("fixed_on IS NULL OR fixed_on > batch_on", "fixed"),
    schema="ops",
    comment="Rows that could not be understood, and why.",
)

finding = Table(
    "finding",
    metadata,
    *_batch(),
    text("check_id", "The check that refused the row."),
    integer("check_version", "Version of the check."),
    text("severity", "error or warning."),
    text("record_key", "The record's key; missing for a finding about the batch.", null=True),
    text("page_sha256", "The landed page that holds the row.", null=True),
    integer("page_row", "Position in that page, from 1.", null=True),
    Column(
        "row",
        JSONB(none_as_null=True),
        comment="The quarantined row, without the applicant's identity.",
    ),
    date("first_seen", "The first night that this check refused this record."),
    date("last_seen", "The night of this batch."),
    text("state", "open, or closed by a later night."),
    date("fixed_on", "The night that brought the record right; missing where none has.", null=True),
    sa.UniqueConstraint(
        *("batch_id", "check_id", "check_version", "page_sha256", "page_row"),
        name="finding_key",
        postgresql_nulls_not_distinct=True,
    ),
    CheckConstraint("state IN ('open', 'closed')", "state"),
    CheckConstraint("first_seen <= last_seen", "seen"),
    CheckConstraint("fixed_on IS NULL OR fixed_on > batch_on AND state = 'closed'", "fixed"),
    schema="ops",
    comment="The quarantine: what the checks refused, row by row.",
)
sa.Index("finding_by_night", finding.c.batch_on)
sa.Index("finding_by_record", finding.c.source_id, finding.c.record, finding.c.record_key)

definition = Table(
    "definition",
    metadata,
    text("name", "rules: policies and grants; views: the views of mart.", key=True),
    text("sha256", "Of the statements that made them."),
    schema="ops",
    comment="What was made by statements of this version; they are run again when they change.",
)
