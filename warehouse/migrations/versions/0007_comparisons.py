"""Rankings, changes, gaps and means are published beside the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
KEY = ("release", "indicator", "borders", "period")


def upgrade() -> None:
    _create(
        "ranking",
        *_columns(sa.Text(), ("kind", "tier", "reason"), False),
        *_columns(sa.Integer(), ("rank", "tied_with")),
        *_columns(sa.Double(), ("value", "low", "high", "coverage")),
        *_columns(sa.BigInteger(), ("numerator", "denominator")),
        sa.CheckConstraint("(rank IS NULL) = (reason <> '')", name=op.f("ranking_reason")),
        key=(*KEY, "area"),
    )
    _create(
        "change",
        *_columns(sa.Text(), ("period_before",), False),
        *_columns(sa.Numeric(38, 6), ("value", "value_before", "change", "real", "reporters")),
        *_columns(sa.Integer(), ("matched", "only_before", "only_now"), False),
        sa.CheckConstraint("change = real + reporters", name=op.f("change_parts")),
    )
    sums = ("areas_numerator", "areas_denominator")
    own = ("numerator", "denominator", "gap_numerator", "gap_denominator")
    _create(
        "gap",
        *_columns(sa.BigInteger(), own),
        *_columns(sa.BigInteger(), sums, False),
        *_columns(sa.Integer(), ("areas", "withheld", "missing"), False),
    )
    _create(
        "mean",
        *_columns(sa.Double(), ("value", "mean_of_provinces")),
        *_columns(sa.Integer(), ("provinces",), False),
    )


def _columns(kind: Any, names: tuple[str, ...], null: bool = True) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, kind, nullable=null) for name in names)


def _create(name: str, *columns: Any, key: tuple[str, ...] = KEY) -> None:
    """A table of `mart` about figures, by their `key`."""
    op.create_table(
        name,
        *_columns(sa.Text(), (*key, "period_type"), False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"{name}_key")),
        schema="mart",
    )
