"""What provinces are asked to mend: the events of each cause, and how it stood after each night."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from catalog.incidents import EventKind, Severity, State
from warehouse.tables.columns import date, integer, metadata, one_of, text


def _whose() -> list[Column[Any]]:
    return [
        text("incident_id", "Source, record kind, rule and column, with slashes between them."),
        text("area", "The administration that runs the source."),
        text("source_id", "Which source is asked."),
    ]


def _answer() -> list[Column[Any]]:
    return [
        text("by", "Who answered: a role or a name of the office; source file: its declaration."),
        text("note", "What that person said."),
        date("until", "The last day that the answer holds; missing without an end.", null=True),
    ]


incident_event = Table(
    "incident_event",
    metadata,
    *_whose(),
    date("night", "The night that it belongs to; of an answer the next one that counts it."),
    text("step", "What happened: opened, worsened, eased, fixed, reopened, acknowledged, ..."),
    Column("at", sa.DateTime(timezone=True), nullable=False, comment="When; of a night its end."),
    text("origin", "Who wrote it: night, person or message."),
    integer("rows", "How many rows were wrong then.", big=True),
    *_answer(),
    sa.PrimaryKeyConstraint("incident_id", "night", "step", "at"),
    CheckConstraint(one_of("step", EventKind), "step"),
    CheckConstraint("origin IN ('night', 'person', 'message')", "origin"),
    schema="ops",
    comment="What happened to each incident. Those of a night are written again with it, those of "
    "people and of messages stay.",
)
sa.Index("incident_event_by_night", incident_event.c.night)

incident = Table(
    "incident",
    metadata,
    *_whose(),
    date("night", "The night after which it stood so; the newest one counts."),
    text("record", "Record kind."),
    text("rule", "A check, not_arrived, held, or rejected with a colon and the reason."),
    text("column_name", "The source's own column, or empty."),
    text("state", "open, acknowledged, disputed, accepted or fixed."),
    text("severity", "error or warning."),
    integer("rows", "How many rows are wrong now.", big=True),
    integer("worst_rows", "The most there were since it was opened.", big=True),
    integer("told_rows", "How many the newest event told of.", big=True),
    text("suffixes", "The ends of up to three codes, with spaces between them."),
    date("first_seen", "The first night that any of its rows was wrong."),
    date("opened_on", "The night that opened it, or opened it again."),
    date("last_seen", "The newest night that saw it."),
    date("fixed_on", "The night that showed it fixed; missing where none has.", null=True),
    *_answer(),
    date("last_notified", "The night of the newest message about it.", null=True),
    date("escalated_on", "The night that told somebody higher up.", null=True),
    text("inhibited_by", "The incident that hides it, or empty."),
    sa.PrimaryKeyConstraint("incident_id", "night"),
    CheckConstraint(one_of("state", State), "state"),
    CheckConstraint(one_of("severity", Severity), "severity"),
    CheckConstraint("(state = 'fixed') = (fixed_on IS NOT NULL)", "fixed"),
    schema="ops",
    comment="How each incident stood after each night that changed it: what its events add up to.",
)
sa.Index("incident_by_night", incident.c.night)
