"""What analysts need beside the figures: definitions, code lists, and who reads which area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("area", sa.Column("reader", sa.Text()), schema="mart")
    for name in ("theme", "direction", "formula_vi", "formula_en", "legal_basis"):
        op.add_column("indicator", sa.Column(name, sa.Text()), schema="mart")
    op.add_column("indicator", sa.Column("headline", sa.Integer()), schema="mart")
    op.create_table(
        "code",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("codelist", "code")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name_vi", "name_en")),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("codelist", "code", name=op.f("code_key")),
        schema="mart",
    )
    op.create_table(
        "definition",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "sha256")),
        sa.PrimaryKeyConstraint("name", name=op.f("definition_key")),
        schema="ops",
    )
    op.execute("COMMENT ON TABLE ops.alembic_version IS 'Phiên bản cấu trúc. The last migration.'")
    op.execute("COMMENT ON COLUMN ops.alembic_version.version_num IS 'Mã. Its number.'")
