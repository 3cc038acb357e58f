"""Behind: the records that one published figure is made of, each with what it adds to it.

The same marks as `measure` counts, and the same choice of days as the roll-up makes: a test holds
their sums to every published figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from catalog.areas import NATION, areas
from catalog.night import Night
from catalog.records import records
from transforms.indicators.counts import NO_EXCEPTIONS, NotFed, axes
from transforms.indicators.declaration import Indicator, indicators
from transforms.indicators.living import relation_of
from transforms.indicators.statement import DUCKDB, rows_that_add

LINEAGE = ("source_id", "batch_on", "page_sha256", "key_hash")
FOREVER = "DATE '-infinity'"
KNOWN = pa.schema([pa.field("unit", pa.string()), pa.field("month", pa.date32())])


@dataclass(frozen=True)
class Asked:
    """The figure asked about: of the nation, an area or a unit, from the day `first` through
    `last`. `known_since` says for each unit the first month that its series has, where that is
    published: an opening's denominator depends on it."""

    indicator: str
    area: str
    first: dt.date
    last: dt.date
    known_since: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def declared(self) -> Indicator:
        return indicators()[self.indicator]

    @property
    def units(self) -> list[str]:
        """The areas or the unit whose own figures add up to this one."""
        if self.area == NATION:
            own = (a for a in areas().values() if a.in_national_totals and a.code != NATION)
            return sorted(area.code for area in own)
        return [self.area]

    @property
    def unit_column(self) -> str:
        return "area" if self.area in areas() else "agency"


def coded_columns(indicator: Indicator) -> list[str]:
    """The columns of its records that hold a code of a list."""
    named: dict[str, None] = {}
    for part in indicator.parts:
        named |= {n: None for n, f in records()[part.record].fields.items() if f.codes}
    return list(named)


def find_behind(
    connection: duckdb.DuckDBPyConnection,
    asked: Asked,
    living: Mapping[str, str],
    night: Night,
    not_fed: NotFed = NO_EXCEPTIONS,
) -> None:
    """Make the temporary table ``behind``: a row for each record and part that adds to the figure.

    Columns: part (counted, in, out, reported), area, agency, the lineage, the coded columns, and
    what the row adds: numerator, denominator. A view that makes one row of several records leaves
    the lineage empty that it does not keep. `living` is what `living_relations` gives;
    nothing that a source in `not_fed` says is there.
    """
    own = [part for axis in axes(not_fed) for part in axis if part.code == asked.indicator]
    seen = [(part, relation_of(part, living, night)) for part in own]
    parts = [_adding(connection, asked, part, rows, night) for part, rows in seen if rows]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE adding AS {' UNION ALL '.join(parts)}")
    units = pa.table({"unit": list(asked.known_since), "month": list(asked.known_since.values())})
    connection.register("known", units.cast(KNOWN))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE span AS {_spans(asked)}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE behind AS {_chosen(asked)}")
    connection.unregister("known")


def part_name(indicator: Indicator, part: Indicator) -> str:
    """What a part of an indicator is to it."""
    stands_in = indicator.or_reported and part.figure == indicator.or_reported
    return "reported" if stands_in else part.moves or "counted"


def _adding(
    connection: duckdb.DuckDBPyConnection,
    asked: Asked,
    part: Indicator,
    relation: str,
    night: Night,
) -> str:
    declared, has = asked.declared, set(connection.sql(f"FROM {relation} AS seen").columns)
    types = dict(zip(LINEAGE, ("VARCHAR", "DATE", "VARCHAR", "BIGINT"), strict=True))
    wanted = types | dict.fromkeys(coded_columns(declared), "VARCHAR")
    rows = rows_that_add(part, relation, night, DUCKDB, [name for name in wanted if name in has])
    names = (n if n in has else f"CAST(NULL AS {kind}) AS {n}" for n, kind in wanted.items())
    units = ", ".join(f"'{unit}'" for unit in asked.units)
    since = "" if declared.is_balance else f" AND day >= DATE '{asked.first}'"
    return (
        f"SELECT '{part_name(declared, part)}' AS part, {asked.unit_column} AS unit, area, agency,"
        f" day, {', '.join(names)}, d, n FROM ({rows}) AS rows"
        f" WHERE {asked.unit_column} IN ({units}) AND day <= DATE '{asked.last}'{since}"
    )


def _spans(asked: Asked) -> str:
    """For each unit the first and last day whose rows count: of the numerator (n), of the
    denominator (d), and of what came in besides and counts in the numerator (c)."""
    first, last = f"DATE '{asked.first}'", f"DATE '{asked.last}'"
    opened = f"greatest({first}, least(min(known.month), date_trunc('month', min(day))))"
    before, through = (FOREVER, f"{first} - 1"), (FOREVER, last)
    spans = {
        "flow": ((first, last), (first, last), None),
        "balance": (through, through, None),
        "opening": (before, (FOREVER, f"last_day({opened})"), None),
        "turnover": (before, through, (first, last)),
    }
    if asked.declared.accumulates == "stock":
        return _stock_spans()
    chosen = spans[asked.declared.accumulates]
    columns = ", ".join(
        f"{since} AS {name}_since, {until} AS {name}_until"
        for name, (since, until) in zip("ndc", (s or ("NULL", "NULL") for s in chosen), strict=True)
    )
    some = " HAVING sum(d) > 0" if asked.declared.accumulates == "balance" else ""
    return f"SELECT unit, {columns} FROM adding LEFT JOIN known USING (unit) GROUP BY unit{some}"


def _stock_spans() -> str:
    """Of each unit the last day that says anything, in the last month of which anything counts."""
    return """
        WITH daily AS (
            SELECT unit, day, sum(d) AS d FROM adding GROUP BY unit, day
            HAVING sum(d) > 0 OR sum(n) <> 0
        ), monthly AS (
            SELECT unit, max(day) AS day, arg_max(d, day) AS d
            FROM daily GROUP BY unit, date_trunc('month', day)
        )
        SELECT unit, max(day) AS n_since, n_since AS n_until, n_since AS d_since,
            n_since AS d_until, NULL::DATE AS c_since, NULL::DATE AS c_until
        FROM monthly WHERE d > 0 GROUP BY unit"""


def _chosen(asked: Asked) -> str:
    coded = "".join(f", {name}" for name in coded_columns(asked.declared))
    return f"""
        SELECT * FROM (
            SELECT part, area, agency, {", ".join(LINEAGE)}{coded},
                if(day BETWEEN n_since AND n_until, n, 0)
                    + coalesce(if(day BETWEEN c_since AND c_until, d, 0), 0) AS numerator,
                if(day BETWEEN d_since AND d_until, d, 0) AS denominator
            FROM adding JOIN span USING (unit)
        ) WHERE numerator <> 0 OR denominator <> 0"""
