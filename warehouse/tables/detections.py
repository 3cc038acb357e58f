"""What is published about how sources state their work."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from warehouse.tables.columns import integer, metadata, text

detection = Table(
    "detection",
    metadata,
    text("release", "The release beside whose figures it stands.", key=True),
    text("source_id", "The source that is judged.", key=True),
    text("detector", "What was looked for.", key=True),
    text("area", "The area that the source reports for."),
    text("kind", "gaming: reported only; constant: the source does not feed what uses the column."),
    integer("cases", "Records of the last 90 days that show it.", big=True),
    integer("of", "Records looked at.", big=True),
    Column("share", sa.Double(), nullable=False, comment="cases / of, 0 to 1."),
    Column("threshold", sa.Double(), nullable=False, comment="From which share it is found."),
    Column("is_found", sa.Boolean(), nullable=False, comment="Enough records, and share reached."),
    text("column_name", "The column that tells nothing; empty for gaming."),
    CheckConstraint("kind IN ('gaming', 'constant')", "kind"),
    schema="mart",
    comment="What the detectors saw at each source.",
)
