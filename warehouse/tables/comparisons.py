"""What is published beside the figures: rankings, changes, gaps and means, each read off them, and
the nation's figures by item."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from warehouse.tables.columns import integer, metadata, text


def _number(name: str, about: str) -> Column[Any]:
    return Column(name, sa.Double(), comment=about)


def _exact(name: str, about: str) -> Column[Any]:
    return Column(name, sa.Numeric(38, 6), comment=about)


def _figure() -> list[Column[Any]]:
    """Which figure of which release a row is about."""
    return [
        text("release", "The release whose figures these are.", key=True),
        text("indicator", "Indicator code.", key=True),
        text("borders", "34 or 63, as of the figures.", key=True),
        text("period", "2026-11, 2026-Q4, 2026 or all.", key=True),
        integer("definition_version", "Version of the indicator's definition."),
        text("period_type", "day, month, quarter, year or all."),
    ]


ranking = Table(
    "ranking",
    metadata,
    *_figure(),
    text("area", "Area code.", key=True),
    text("kind", "province or ministry: who is ranked together."),
    integer("rank", "1, 2, 2, 4; none with a reason.", null=True),
    integer("tied_with", "How many others share the rank.", null=True),
    text("tier", "better, similar or worse than the nation; empty where it cannot be told."),
    _number("value", "The figure."),
    _number("low", "Lower bound of the 95 % interval of a share."),
    _number("high", "Upper bound of the 95 % interval of a share."),
    integer("numerator", "Cases counted.", null=True, big=True),
    integer("denominator", "Cases looked at.", null=True, big=True),
    _number("coverage", "Of the figure."),
    text("reason", "Why there is no rank; empty where there is one."),
    CheckConstraint("(rank IS NULL) = (reason <> '')", "reason"),
    schema="mart",
    comment="Provinces among provinces and ministries among ministries.",
)

change = Table(
    "change",
    metadata,
    *_figure(),
    text("period_before", "The period compared with."),
    _exact("value", "The nation's figure."),
    _exact("value_before", "That of the period before."),
    _exact("change", "Their difference."),
    _exact("real", "The change among the areas that reported in full both times."),
    _exact("reporters", "The rest: due to others reporting."),
    integer("matched", "Areas that reported in full both times."),
    integer("only_before", "Areas that did so only in the period before."),
    integer("only_now", "Areas that do so only now."),
    CheckConstraint("change = real + reporters", "parts"),
    schema="mart",
    comment="Changes of the nation's figures, split into what is real and who reported.",
)

gap = Table(
    "gap",
    metadata,
    *_figure(),
    integer("numerator", "The nation's.", null=True, big=True),
    integer("denominator", "The nation's.", null=True, big=True),
    integer("areas_numerator", "Sum over the published areas.", big=True),
    integer("areas_denominator", "Sum over the published areas.", big=True),
    integer("gap_numerator", "What the nation has more; 0 where they add up.", null=True, big=True),
    integer("gap_denominator", "What the nation has more.", null=True, big=True),
    integer("areas", "Areas in the national totals that are published with numbers."),
    integer("withheld", "Areas withheld: in the nation's figure, not in the sum."),
    integer("missing", "Areas that nobody reported for: in neither."),
    schema="mart",
    comment="Whether provinces and ministries add up to the nation.",
)

mean = Table(
    "mean",
    metadata,
    *_figure(),
    _number("value", "The nation's figure by its sums."),
    _number("mean_of_provinces", "The simple mean of the provinces' values."),
    integer("provinces", "Provinces that have a value."),
    schema="mart",
    comment="The nation weighted, and as the simple mean that official tables use.",
)

breakdown = Table(
    "breakdown",
    metadata,
    text("release", "The release that states the figure.", key=True),
    text("indicator", "Indicator code.", key=True),
    text("dimension", "channel, service_level or procedure.", key=True),
    text("item", "A code; empty for the dossiers of which none was stated.", key=True),
    text("period", "2026-11, 2026-Q4, 2026 or all.", key=True),
    integer("definition_version", "Version of the indicator's definition."),
    text("period_type", "month, quarter, year or all."),
    integer("numerator", "Cases counted.", null=True, big=True),
    integer("denominator", "Cases looked at.", null=True, big=True),
    _number("value", "The figure; missing is not zero."),
    text("status", "provisional, final or withheld."),
    text("reason", "Why there is no value; empty where there is one."),
    CheckConstraint("(value IS NULL) = (reason <> '')", "reason"),
    schema="mart",
    comment="The nation's figures by channel, service level and procedure; an item has a row where"
    " something of it counted.",
)
