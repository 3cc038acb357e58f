"""How far the rows of each area can be trusted: its score card after each night."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Table

from catalog.score_card import Dimension, Level
from warehouse.tables.columns import date, integer, metadata, one_of, text

score = Table(
    "score",
    metadata,
    text("area", "The administration that runs the sources."),
    date("night", "The night after which it stood so."),
    text("quality_dimension", "completeness, validity, timeliness, consistency or uniqueness."),
    integer(
        "judged",
        "Rows that its sources sent in the window; of timeliness deliveries due.",
        big=True,
    ),
    integer("good", "Those of them that nothing speaks against.", big=True),
    text("trust_level", "none, poor, fair, good or trustworthy."),
    sa.PrimaryKeyConstraint("area", "night", "quality_dimension"),
    CheckConstraint(one_of("quality_dimension", Dimension), "dimension"),
    CheckConstraint(one_of("trust_level", Level), "level"),
    CheckConstraint("good BETWEEN 0 AND judged", "good"),
    schema="ops",
    comment="The score card of each area after each night, by dimension of data quality.",
)
