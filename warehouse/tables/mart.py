"""What is published: releases, figures, and the lists that explain their codes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from warehouse.tables.columns import EVERYBODY, area_is_own, date, integer, metadata, text

release = Table(
    "release",
    metadata,
    text(
        "release",
        "The release's own id: ends with its night and sorts in order of time.",
        key=True,
    ),
    integer("observations", "Figures in it.", big=True),
    schema="mart",
    comment="Published sets of figures.",
    info=EVERYBODY,
)

observation = Table(
    "observation",
    metadata,
    text("release", "The release that states the figure.", key=True),
    text("indicator", "Indicator code.", key=True),
    text(
        "borders", "34: restated on today's provinces; 63: as reported before 2025-07-01.", key=True
    ),
    text("area", "Area code: VN, H26, G03, or a unit (H26.01).", key=True),
    text("period", "2026-11-22, 2026-11, 2026-Q4, 2026 or all.", key=True),
    integer("definition_version", "Version of the indicator's definition."),
    text("level", "nation, province, ministry, other or agency."),
    text("period_type", "day, month, quarter, year or all."),
    integer("numerator", "Cases counted.", null=True, big=True),
    integer("denominator", "Cases looked at.", null=True, big=True),
    Column("value", sa.Double(), comment="The figure; missing is not zero."),
    Column("coverage", sa.Double(), comment="Share of the units expected that reported, 0 to 1."),
    text("status", "provisional, final, no_data (0/0), missing (nobody reported) or withheld."),
    text("reason", "Why there is no value; empty where there is one."),
    CheckConstraint("coverage BETWEEN 0 AND 1", "coverage"),
    schema="mart",
    comment="Every published figure of every release.",
)

indicator = Table(
    "indicator",
    metadata,
    text("code", "Indicator code.", key=True),
    integer("version", "Version of the definition.", key=True),
    text("name_vi", "Name in Vietnamese."),
    text("name_en", "Name in English."),
    text("unit", "share, count, score or mean."),
    text("theme", "Theme: a code of the list theme.", null=True),
    integer("headline", "Place among the headline figures; 0 for none.", null=True),
    text("direction", "higher_better or lower_better.", null=True),
    text("formula_vi", "How it is counted, in Vietnamese.", null=True),
    text("formula_en", "How it is counted, in English.", null=True),
    text("legal_basis", "The acts that ask for it, cited in Vietnamese.", null=True),
    schema="mart",
    comment="Definitions that figures were published by.",
    info=EVERYBODY,
)

area = Table(
    "area",
    metadata,
    text("code", "Electronic identification code, VN, or X-...", key=True),
    text("name_vi", "Name."),
    text("kind", "nation, province, ministry or other."),
    text("gso_code", "Code of the General Statistics Office; empty where there is none."),
    Column("in_national_totals", sa.Boolean(), nullable=False, comment="Part of VN's figures."),
    integer("sort_order", "Order of listing."),
    date("valid_to", "Its last day; empty where no end is known.", null=True),
    text("reader", "The role that reads its rows, beside those that read all.", null=True),
    schema="mart",
    comment="Areas that figures are published for, on borders of today or as reported.",
    info={"own": "pg_has_role(to_regrole(reader), 'USAGE')"},
)

area_change = Table(
    "area_change",
    metadata,
    text("from_code", "The area whose units or people went over.", key=True),
    text("to_code", "The area that has them since.", key=True),
    Column("starts_on", sa.Date(), primary_key=True, comment="The first day of the change."),
    text("kind", "merge, rename, split or partial; the last two are not restated."),
    text("weight", "The share that went over, where it is stated.", null=True),
    text("legal_basis", "The act."),
    schema="mart",
    comment="What became of areas: what figures on today's borders are restated by.",
    info={"own": f"{area_is_own('from_code')} AND {area_is_own('to_code')}"},
)

code = Table(
    "code",
    metadata,
    text("codelist", "Which list: channel, status, theme, no_value and so on.", key=True),
    text("code", "The code as it stands in the columns.", key=True),
    text("name_vi", "Name in Vietnamese."),
    text("name_en", "Name in English."),
    integer("sort_order", "Order of listing."),
    schema="mart",
    comment="What the codes of all lists are called.",
    info=EVERYBODY,
)

source = Table(
    "source",
    metadata,
    text("source_id", "The source's id.", key=True),
    text("name_vi", "Name."),
    text("area", "The area it reports for."),
    text("platform", "The kind of system."),
    text("frequency", "nightly or once."),
    date("starts_on", "From when it must report."),
    text("legal_basis", "Why it must report."),
    schema="mart",
    comment="Systems that must report.",
)
