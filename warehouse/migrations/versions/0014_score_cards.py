"""How far the rows of each area can be trusted, by dimension and night."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
DIMENSIONS = "'completeness', 'validity', 'timeliness', 'consistency', 'uniqueness'"
LEVELS = "'none', 'poor', 'fair', 'good', 'trustworthy'"
RULES = {
    "dimension": f"quality_dimension IN ({DIMENSIONS})",
    "level": f"trust_level IN ({LEVELS})",
    "good": "good BETWEEN 0 AND judged",
}


def upgrade() -> None:
    op.create_table(
        "score",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("quality_dimension", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("judged", "good")),
        sa.Column("trust_level", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("area", "night", "quality_dimension", name=op.f("score_key")),
        *(sa.CheckConstraint(rule, name=op.f(f"score_{name}")) for name, rule in RULES.items()),
        schema="ops",
    )
