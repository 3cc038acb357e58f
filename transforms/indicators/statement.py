"""The counting query of one time axis, in the words of an SQL engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.night import Night
from transforms.indicators.declaration import Indicator
from transforms.indicators.expressions import flags, names

UTC_OFFSET_US = 7 * 3600 * 1_000_000
"""Viet Nam has been at UTC+7 all year since 1975."""


@dataclass(frozen=True)
class Engine:
    """How one SQL engine writes the two time functions, ``{}`` being their argument."""

    micros: str
    month_end: str

    def write(self, sql: str, night: Night) -> str:
        """The expression with ``MICROS``, ``MONTH_END`` and ``CUTOFF`` in this engine's words."""
        sql = re.sub(r"MICROS\((\w+)\)", lambda m: self.micros.format(m[1]), sql)
        sql = re.sub(r"MONTH_END\((\w+)\)", lambda m: self.month_end.format(m[1]), sql)
        return re.sub(r"\bCUTOFF\b", str(int(night.cutoff.timestamp()) * 1_000_000), sql)


DUCKDB = Engine("epoch_us({})", f"(epoch_us(last_day({{}}) + 1) - {UTC_OFFSET_US})")
POSTGRES = Engine(
    "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
    "(CAST(EXTRACT(EPOCH FROM date_trunc('month', CAST({} AS TIMESTAMP)) + INTERVAL '1 month')"
    f" * 1000000 AS BIGINT) - {UTC_OFFSET_US})",
)


def statement(axis: Sequence[Indicator], relation: str, night: Night, engine: Engine) -> str:
    """One scan of `relation` for indicators of one record kind and one period date.

    Columns: area, agency, starts_on, then ``d_<code>`` and ``n_<code>`` for each indicator. Rows
    are areas by day (agency null) and agencies by month. Both grains come from the same scan:
    a quarter cheaper than two queries. COUNT over a mark takes unknown as not counted, and is 0
    without rows; marks in a query of their own save a sixth over CASE inside COUNT.
    """
    marks = {name: sql for indicator in axis for name, sql in _marks(indicator).items()}
    flagged = (
        f"SELECT area_code AS area, agency_code AS agency, {axis[0].period_by} AS day,"
        f" {', '.join(_flags(axis, night, engine))}"
        f" FROM {relation} WHERE {axis[0].period_by} IS NOT NULL"
    )
    marked = (
        "SELECT area, agency, day, CAST(date_trunc('month', day) AS DATE) AS month,"
        f" {', '.join(f'CASE WHEN {sql} THEN 1 END AS {name}' for name, sql in marks.items())}"
        f" FROM ({flagged}) AS flagged"
    )
    return (
        "SELECT area, agency, COALESCE(day, month) AS starts_on,"
        f" {', '.join(f'COUNT({name}) AS {name}' for name in marks)} FROM ({marked}) AS marked"
        " GROUP BY GROUPING SETS ((area, day), (area, agency, month))"
        " ORDER BY area, agency, starts_on"
    )


def _marks(indicator: Indicator) -> dict[str, str]:
    counted = f"({indicator.denominator})"
    return {
        f"d_{indicator.code}": counted,
        f"n_{indicator.code}": f"{counted} AND ({indicator.numerator})",
    }


def _flags(axis: Sequence[Indicator], night: Night, engine: Engine) -> list[str]:
    """The flags and columns that the marks name, as expressions over the record's columns."""
    known = flags()[axis[0].record]
    used = {name for i in axis for sql in (i.denominator, i.numerator) for name in names(sql)}
    return [f"{engine.write(known.expand(name), night)} AS {name}" for name in sorted(used)]
