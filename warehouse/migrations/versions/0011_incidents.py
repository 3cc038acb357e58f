"""What provinces are asked to mend, from the first night to the one that shows it mended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
STATES = "state IN ('open', 'acknowledged', 'disputed', 'accepted', 'fixed')"
STEPS = """step IN ('opened', 'worsened', 'eased', 'fixed', 'reopened', 'acknowledged',
    'disputed', 'accepted', 'lapsed', 'notified', 'escalated')"""


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _rules(table: str, **rules: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"{table}_{name}")) for name, rule in rules.items()]


def upgrade() -> None:
    op.create_table(
        "incident_event",
        *_texts("incident_id", "area", "source_id"),
        sa.Column("night", sa.Date(), nullable=False),
        *_texts("step"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_texts("origin"),
        *_numbers("rows"),
        *_texts("by", "note"),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint(
            "incident_id", "night", "step", "at", name=op.f("incident_event_key")
        ),
        *_rules("incident_event", step=STEPS, origin="origin IN ('night', 'person', 'message')"),
        schema="ops",
    )
    op.create_index("incident_event_by_night", "incident_event", ["night"], schema="ops")
    op.create_table(
        "incident",
        *_texts("incident_id", "area", "source_id"),
        sa.Column("night", sa.Date(), nullable=False),
        *_texts("record", "rule", "column_name", "state", "severity"),
        *_numbers("rows", "worst_rows", "told_rows"),
        *_texts("suffixes"),
        *(
            sa.Column(n, sa.Date(), nullable=False)
            for n in ("first_seen", "opened_on", "last_seen")
        ),
        sa.Column("fixed_on", sa.Date()),
        *_texts("by", "note"),
        *(sa.Column(n, sa.Date()) for n in ("until", "last_notified", "escalated_on")),
        *_texts("inhibited_by"),
        sa.PrimaryKeyConstraint("incident_id", "night", name=op.f("incident_key")),
        *_rules(
            "incident",
            state=STATES,
            severity="severity IN ('error', 'warning')",
            fixed="(state = 'fixed') = (fixed_on IS NOT NULL)",
        ),
        schema="ops",
    )
    op.create_index("incident_by_night", "incident", ["night"], schema="ops")
