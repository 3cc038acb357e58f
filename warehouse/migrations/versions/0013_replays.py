"""Rows that were turned away are judged again, and a held batch may be released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
JUDGED = ("received", "accepted", "quarantined", "rejected", "duplicate")
MERGED = ("inserted", "updated", "unchanged", "superseded")
RULES = {
    "received": "received = accepted + quarantined + rejected + duplicate",
    "merged": "accepted = inserted + updated + unchanged + superseded",
    "counts": f"least({', '.join((*JUDGED, *MERGED))}) >= 0",
    "released": "(released_by IS NULL) = (why IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "replay",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("batch_id", "source_id")),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=False),
        sa.Column("replays", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("released_by", "why")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in JUDGED),
        *(sa.Column(name, sa.BigInteger()) for name in MERGED),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("replay_key")),
        *(sa.CheckConstraint(rule, name=op.f(f"replay_{name}")) for name, rule in RULES.items()),
        schema="ops",
    )
    op.create_index("replay_by_night", "replay", ["batch_on"], schema="ops")
    op.add_column("reject", sa.Column("fixed_on", sa.Date()), schema="ops")
    condition = "fixed_on IS NULL OR fixed_on > batch_on"
    op.create_check_constraint(op.f("reject_fixed"), "reject", condition, schema="ops")
