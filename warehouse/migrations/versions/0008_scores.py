"""Our own Decision 766 scores are published with each release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
KEY = ("release", "rules", "area", "mean_of", "period", "score_group", "metric")


def upgrade() -> None:
    op.create_table(
        "score",
        *(sa.Column(n, sa.Text(), nullable=False) for n in (*KEY, "level", "period_type")),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        *(sa.Column(n, sa.BigInteger()) for n in ("numerator", "denominator")),
        *(sa.Column(n, sa.Double()) for n in ("ratio", "score", "official", "difference")),
        *(sa.Column(n, sa.Double(), nullable=False) for n in ("maximum", "out_of")),
        sa.Column("units", sa.Integer(), nullable=False),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("band", "explanation")),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("score_key")),
        schema="mart",
    )
