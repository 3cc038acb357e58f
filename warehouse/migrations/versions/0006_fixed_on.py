"""A finding says which night brought its record right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("finding", sa.Column("fixed_on", sa.Date()), schema="ops")
    condition = "fixed_on IS NULL OR fixed_on > batch_on AND state = 'closed'"
    op.create_check_constraint(op.f("finding_fixed"), "finding", condition, schema="ops")
    op.create_index("finding_by_night", "finding", ["batch_on"], schema="ops")
