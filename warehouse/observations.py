"""Reading published figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from warehouse.tables.mart import observation, release

COLUMNS = (
    *("indicator", "area", "period", "numerator", "denominator", "value", "coverage", "status"),
    *("definition_version", "release"),
)

FROZEN = "____.__.%"
"""What the ids of frozen releases (2026.11.1) are like; they stand beside the nightly ones."""


def read(
    connection: sa.Connection,
    indicator: str,
    area: str | None,
    period: str | None,
    as_of: dt.date | None,
    borders: str,
) -> list[dict[str, Any]]:
    """Figures of one indicator by area and period, from the newest release of `as_of` or before."""
    query = sa.select(*(observation.c[name] for name in COLUMNS)).where(
        observation.c.indicator == indicator,
        observation.c.borders == borders,
        observation.c.release == _newest(as_of),
    )
    if area is not None:
        query = query.where(observation.c.area == area)
    if period is not None:
        query = query.where(observation.c.period == period)
    rows = connection.execute(query.order_by(observation.c.area, observation.c.period))
    return [dict(row) for row in rows.mappings()]


def _newest(as_of: dt.date | None) -> sa.ScalarSelect[str]:
    query = sa.select(sa.func.max(release.c.release)).where(release.c.release.not_like(FROZEN))
    if as_of is not None:
        query = query.where(sa.func.right(release.c.release, 10) <= as_of.isoformat())
    return query.scalar_subquery()
