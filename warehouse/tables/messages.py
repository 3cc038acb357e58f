"""What each area was told, and whether it reached whom it is for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from warehouse.tables.columns import date, integer, metadata, text

message = Table(
    "message",
    metadata,
    text("message_id", "Follows from area, night, purpose and content.", key=True),
    text("area", "Who is told."),
    date("told_on", "The night that it tells of."),
    integer("number", "Its place among all messages to the area, from 1."),
    text("purpose", "digest, or escalation to whom the area reports."),
    Column("items", JSONB(), nullable=False, comment="The incidents told, as they stood, and why."),
    integer("still_open", "Incidents told before and not mended, which it only counts."),
    Column("is_delivered", sa.Boolean(), nullable=False, comment="Whether all have it."),
    schema="ops",
    comment="The messages to the areas, in the order in which they were decided.",
)
sa.Index("message_by_area", message.c.area, message.c.told_on)

delivery = Table(
    "delivery",
    metadata,
    text("message_id", "The message.", key=True),
    text("channel", "email, webhook or folder.", key=True),
    text(
        "address",
        "Where to, in the words of the channel.",
        key=True,
    ),
    text("area", "Who is told."),
    integer("attempts", "Runs that tried."),
    date("tried_on", "The newest night that tried."),
    Column(
        "delivered_at", sa.DateTime(timezone=True), comment="When it was taken; missing until then."
    ),
    Column("is_refused", sa.Boolean(), nullable=False, comment="Whether trying again cannot help."),
    text("problem", "For operators: why it was not taken, never what the other side said."),
    sa.ForeignKeyConstraint(
        ["message_id"], ["ops.message.message_id"], name="delivery_message_id_fkey"
    ),
    schema="ops",
    comment="What became of each message at each address.",
)
