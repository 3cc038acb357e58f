"""The counting query of one time axis, in the words of an SQL engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.night import Night
from transforms.indicators.declaration import Indicator
from transforms.indicators.expressions import flags, names

UTC_OFFSET_HOURS = 7
"""Viet Nam has kept this offset all year since 1975."""


@dataclass(frozen=True)
class Engine:
    """How one SQL engine writes the three words about time, ``{}`` being their argument."""

    instant: str
    micros: str
    month_end: str

    def write(self, sql: str, night: Night) -> str:
        """The expression with ``MICROS``, ``MONTH_END`` and ``CUTOFF`` in this engine's words."""
        sql = re.sub(r"MICROS\((\w+)\)", lambda m: self.micros.format(m[1]), sql)
        sql = re.sub(r"MONTH_END\((\w+)\)", lambda m: self.month_end.format(m[1]), sql)
        return re.sub(r"\bCUTOFF\b", self.instant.format(night.cutoff.isoformat()), sql)


DUCKDB = Engine(
    "TIMESTAMPTZ '{}'",
    "epoch_us({})",
    f"make_timestamptz(epoch_us(last_day({{}}) + 1) - {UTC_OFFSET_HOURS * 3_600_000_000})",
)
POSTGRES = Engine(
    "TIMESTAMPTZ '{}'",
    "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
    "((date_trunc('month', CAST({} AS TIMESTAMP)) + INTERVAL '1 month'"
    f" - INTERVAL '{UTC_OFFSET_HOURS} hours') AT TIME ZONE 'UTC')",
)


def statement(axis: Sequence[Indicator], relation: str, night: Night, engine: Engine) -> str:
    """One scan of `relation` for indicators of one record kind and one period date.

    Columns: area, agency, starts_on, then ``d_<code>`` and ``n_<code>`` for each indicator. Rows
    are areas by day (agency null) and agencies by month: both grains from the same scan, a quarter
    cheaper than two queries. Unknown counts as not in. A denominator that indicators share is
    worked out and summed once; 0 and 1 in a query of their own cost a sixth less than CASE or
    FILTER inside the aggregate.
    """
    period_by = axis[0].period_by
    shared = {sql: f"p{n}" for n, sql in enumerate(dict.fromkeys(i.denominator for i in axis))}
    populations = list(shared.values())
    placed = (
        f"SELECT area_code AS area, agency_code AS agency, {period_by} AS day,"
        f" CAST(date_trunc('month', {period_by}) AS DATE) AS month,"
        f" {', '.join(f'({sql}) AS {name}' for sql, name in shared.items())},"
        f" {', '.join(f'({i.numerator}) AS is_{i.code}' for i in axis)}"
        f" FROM ({_flagged(axis, relation, night, engine)}) AS flagged"
    )
    parts = (f"CAST({shared[i.denominator]} AND is_{i.code} AS INT) AS n_{i.code}" for i in axis)
    marked = (
        "SELECT area, agency, day, month,"
        f" {', '.join(f'CAST({name} AS INT) AS {name}' for name in populations)},"
        f" {', '.join(parts)} FROM ({placed}) AS placed"
    )
    sums = (
        f"{_total(shared[i.denominator])} AS d_{i.code}, {_total(f'n_{i.code}')} AS n_{i.code}"
        for i in axis
    )
    return (
        f"SELECT area, agency, COALESCE(day, month) AS starts_on, {', '.join(sums)}"
        f" FROM ({marked}) AS marked GROUP BY GROUPING SETS ((area, day), (area, agency, month))"
    )


def _total(mark: str) -> str:
    return f"CAST(COALESCE(SUM({mark}), 0) AS BIGINT)"


def _flagged(axis: Sequence[Indicator], relation: str, night: Night, engine: Engine) -> str:
    """The relation with the flags that the axis uses; a flag's own query, so that it is worked
    out once: engines do not share parts of AND, OR and CASE."""
    wanted = {name for i in axis for sql in (i.denominator, i.numerator) for name in names(sql)}
    query = f"SELECT * FROM {relation} WHERE {axis[0].period_by} IS NOT NULL"
    for number, layer in enumerate(flags()[axis[0].record].layers(wanted)):
        columns = (f"{engine.write(sql, night)} AS {name}" for name, sql in layer.items())
        query = f"SELECT *, {', '.join(columns)} FROM ({query}) AS layer_{number}"
    return query
