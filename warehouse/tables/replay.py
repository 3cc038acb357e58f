"""Replays: what became of rows that were turned away and judged again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Table

from warehouse.tables.columns import date, integer, metadata, text

JUDGED = {
    "received": "Rows that were judged again.",
    "accepted": "Rows that pass now.",
    "quarantined": "Rows that a check still refuses.",
    "rejected": "Rows that still cannot be understood.",
    "duplicate": "Exact repeats within the batch that was replayed.",
}
MERGED = {
    "inserted": "Accepted rows with a key seen for the first time.",
    "updated": "Accepted rows that replaced an older version.",
    "unchanged": "Accepted rows equal to what was known.",
    "superseded": "Accepted rows older than what was known.",
}

replay = Table(
    "replay",
    metadata,
    text("batch_id", "The batch of rows judged again; says its night and the batch replayed."),
    text("source_id", "Which source had delivered them."),
    text("record", "Record kind."),
    date("batch_on", "The night that took the rows."),
    text("replays", "The batch that brought the rows."),
    text("released_by", "Who accepted the batch although it was held.", null=True),
    text("why", "Why that person did; missing where the rules alone decided.", null=True),
    *(integer(name, about, big=True) for name, about in JUDGED.items()),
    *(integer(name, f"{about[:-1]}; missing until merged.", big=True, null=True)
      for name, about in MERGED.items()),
    text("code_version", "Version of this program."),
    sa.PrimaryKeyConstraint("batch_id"),
    CheckConstraint("received = accepted + quarantined + rejected + duplicate", "received"),
    CheckConstraint("accepted = inserted + updated + unchanged + superseded", "merged"),
    CheckConstraint(f"least({', '.join((*JUDGED, *MERGED))}) >= 0", "counts"),
    CheckConstraint("(released_by IS NULL) = (why IS NULL)", "released"),
    schema="ops",
    comment="One row per batch judged again: where every row that was turned away has gone.",
)  # fmt: skip
sa.Index("replay_by_night", replay.c.batch_on)
