"""Revisions of figures are published with their causes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
KEY = ("release", "indicator", "borders", "area", "period", "cause")


def upgrade() -> None:
    texts = (*KEY, "previous", "level", "period_type")
    counts = ("numerator_before", "numerator_after", "denominator_before", "denominator_after")
    op.create_table(
        "revision",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.Integer()) for name in ("version_before", "version_after")),
        *(sa.Column(name, sa.BigInteger()) for name in counts),
        *(sa.Column(name, sa.Double()) for name in ("value_before", "value_after", "change")),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("revision_key")),
        schema="mart",
    )
