"""The nation's figures by channel, service level and procedure are published with each release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
KEY = ("release", "indicator", "dimension", "item", "period")
TEXTS = (*KEY, "period_type", "status", "reason")


def upgrade() -> None:
    op.create_table(
        "breakdown",
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger()) for name in ("numerator", "denominator")),
        sa.Column("value", sa.Double()),
        sa.CheckConstraint("(value IS NULL) = (reason <> '')", name=op.f("breakdown_reason")),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("breakdown_key")),
        schema="mart",
    )
