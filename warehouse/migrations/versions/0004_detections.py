"""What the detectors saw at each source is published beside the figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "detection",
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('gaming', 'constant')", name=op.f("detection_kind")),
        sa.PrimaryKeyConstraint("release", "source_id", "detector", name=op.f("detection_key")),
        schema="mart",
    )
