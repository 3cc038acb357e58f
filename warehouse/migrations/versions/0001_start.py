"""The ledger, the quarantine and what is published, as they were first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    _ops()
    _mart()


def _ops() -> None:
    op.create_table(
        "finding",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("check_version", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("record_key", sa.Text()),
        sa.Column("page_sha256", sa.Text()),
        sa.Column("page_row", sa.Integer()),
        sa.Column("row", postgresql.JSONB()),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("finding_state")),
        sa.CheckConstraint("first_seen <= last_seen", name=op.f("finding_seen")),
        sa.UniqueConstraint(
            "batch_id",
            "check_id",
            "check_version",
            "page_sha256",
            "page_row",
            name="finding_key",
            postgresql_nulls_not_distinct=True,
        ),
        schema="ops",
    )
    op.create_index(
        "finding_by_record",
        "finding",
        ["source_id", "record", "record_key"],
        unique=False,
        schema="ops",
    )
    op.create_table(
        "ledger",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("duplicate", sa.BigInteger(), nullable=False),
        sa.Column("inserted", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("superseded", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cursor_after", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stage <> 'merge' OR accepted = inserted + updated + unchanged + superseded",
            name=op.f("ledger_merged"),
        ),
        sa.CheckConstraint(
            "stage IN ('collect', 'conform', 'judge', 'merge')", name=op.f("ledger_stage")
        ),
        sa.CheckConstraint(
            "verdict IN ('ok', 'quarantined', 'held', 'failed')", name=op.f("ledger_verdict")
        ),
        sa.CheckConstraint(
            "least(received, accepted, quarantined, rejected, duplicate, inserted, updated, "
            "unchanged, superseded, pages, bytes, attempts) >= 0",
            name=op.f("ledger_counts"),
        ),
        sa.CheckConstraint(
            "received = accepted + quarantined + rejected + duplicate", name=op.f("ledger_received")
        ),
        sa.PrimaryKeyConstraint("batch_id", "stage", name=op.f("ledger_key")),
        schema="ops",
    )
    op.create_index(
        "ledger_by_night", "ledger", ["source_id", "record", "batch_on"], unique=False, schema="ops"
    )
    op.create_table(
        "reject",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=False),
        sa.Column("page_sha256", sa.Text(), nullable=False),
        sa.Column("page_row", sa.Integer(), nullable=False),
        sa.Column("record_key", sa.Text()),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "batch_id", "page_sha256", "page_row", "field", "reason", name=op.f("reject_key")
        ),
        schema="ops",
    )


def _mart() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("gso_code", sa.Text(), nullable=False),
        sa.Column("in_national_totals", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("area_key")),
        schema="mart",
    )
    op.create_table(
        "indicator",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("indicator_key")),
        schema="mart",
    )
    op.create_table(
        "observation",
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("period_type", sa.Text(), nullable=False),
        sa.Column("numerator", sa.BigInteger()),
        sa.Column("denominator", sa.BigInteger()),
        sa.Column("value", sa.Double()),
        sa.Column("coverage", sa.Double()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("coverage BETWEEN 0 AND 1", name=op.f("observation_coverage")),
        sa.PrimaryKeyConstraint(
            "release", "indicator", "area", "period", name=op.f("observation_key")
        ),
        schema="mart",
    )
    op.create_table(
        "release",
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("observations", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("release", name=op.f("release_key")),
        schema="mart",
    )
    op.create_table(
        "source",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("source_key")),
        schema="mart",
    )
