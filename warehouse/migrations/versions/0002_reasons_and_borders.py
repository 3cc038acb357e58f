"""Figures say why they have no value, and on which borders they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
KEY = ["release", "indicator", "borders", "area", "period"]


def upgrade() -> None:
    for name, value in (("borders", "34"), ("reason", "")):
        column = sa.Column(name, sa.Text(), nullable=False, server_default=value)
        op.add_column("observation", column, schema="mart")
        op.alter_column("observation", name, server_default=None, schema="mart")
    op.drop_constraint("observation_key", "observation", schema="mart")
    op.create_primary_key("observation_key", "observation", KEY, schema="mart")
