"""What each area was told, and whether it reached whom it is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "message",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("message_id", "area")),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("items", JSONB(), nullable=False),
        sa.Column("still_open", sa.Integer(), nullable=False),
        sa.Column("is_delivered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("message_key")),
        schema="ops",
    )
    op.create_index("message_by_area", "message", ["area", "told_on"], schema="ops")
    op.create_table(
        "delivery",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("message_id", "channel")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "area")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "channel", "address", name=op.f("delivery_key")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["ops.message.message_id"], name="delivery_message_id_fkey"
        ),
        schema="ops",
    )
