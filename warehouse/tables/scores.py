"""Decision 766 scores of our own, with the portal's beside them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Table

from warehouse.tables.columns import integer, metadata, text

score = Table(
    "score",
    metadata,
    text("release", "The release whose figures were scored.", key=True),
    text("rules", "Rule set: text_2022 or portal_2026.", key=True),
    text("area", "Area code: VN, H26, G03.", key=True),
    text("mean_of", "province or ministry: VN as their unweighted mean; else empty.", key=True),
    text("period", "2026-11, 2026-Q4 or 2026.", key=True),
    text("score_group", "Group code (CKMB), or TOTAL.", key=True),
    text("metric", "Metric code; empty for a group and the total.", key=True),
    text("level", "nation, province or ministry."),
    text("period_type", "month, quarter or year."),
    Column("is_in_force", sa.Boolean(), nullable=False, comment="Whether this rule set applies."),
    integer("numerator", "Of a metric, as published.", null=True, big=True),
    integer("denominator", "Of a metric, as published.", null=True, big=True),
    Column("ratio", sa.Double(), comment="Of a metric, in percent."),
    Column("score", sa.Double(), comment="Points; missing is not zero."),
    Column("official", sa.Double(), comment="What the portal states: a ratio, or points."),
    Column("difference", sa.Double(), comment="Ours less that."),
    Column("maximum", sa.Double(), nullable=False, comment="Points at most."),
    Column("out_of", sa.Double(), nullable=False, comment="What the metrics scored could give."),
    integer("units", "How many units it is the mean of."),
    text("band", "Of the total: band in Vietnamese; empty where what is missing could change it."),
    text("explanation", "Why ours and the portal's are as they are."),
    schema="mart",
    comment="Decision 766 scores from our own figures.",
)
