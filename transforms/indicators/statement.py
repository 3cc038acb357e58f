"""The counting query of one time axis, in the words of an SQL engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.night import Night
from transforms.indicators.declaration import Indicator
from transforms.indicators.expressions import flags, names
from transforms.indicators.views import View, views

UTC_OFFSET_HOURS = 7
"""Viet Nam has kept this offset all year since 1975."""


@dataclass(frozen=True)
class Engine:
    """How one SQL engine writes the words about time, ``{}`` being their argument."""

    instant: str
    micros: str
    day: str
    month_end: str
    from_micros: str

    def write(self, sql: str, night: Night) -> str:
        """The SQL with ``MICROS``, ``INSTANT``, ``DAY``, ``MONTH_END``, ``CUTOFF`` and
        ``REPORTED_DAY`` in this engine's words."""
        sql = re.sub(r"MICROS\((\w+)\)", lambda m: self.micros.format(m[1]), sql)
        sql = re.sub(r"\bINSTANT\((\w+)\)", lambda m: self.from_micros.format(m[1]), sql)
        sql = re.sub(r"\bDAY\((\w+)\)", lambda m: self.day.format(m[1]), sql)
        sql = re.sub(r"MONTH_END\((\w+)\)", lambda m: self.month_end.format(m[1]), sql)
        sql = re.sub(r"\bREPORTED_DAY\b", f"DATE '{night}'", sql)
        return re.sub(r"\bCUTOFF\b", self.instant.format(night.cutoff.isoformat()), sql)


DUCKDB = Engine(
    "TIMESTAMPTZ '{}'",
    "epoch_us({})",
    f"CAST(make_timestamp(epoch_us({{}}) + {UTC_OFFSET_HOURS * 3_600_000_000}) AS DATE)",
    f"make_timestamptz(epoch_us(last_day({{}}) + 1) - {UTC_OFFSET_HOURS * 3_600_000_000})",
    "make_timestamptz({})",
)
POSTGRES = Engine(
    "TIMESTAMPTZ '{}'",
    "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
    f"CAST({{}} AT TIME ZONE 'UTC' + INTERVAL '{UTC_OFFSET_HOURS} hours' AS DATE)",
    "((date_trunc('month', CAST({} AS TIMESTAMP)) + INTERVAL '1 month'"
    f" - INTERVAL '{UTC_OFFSET_HOURS} hours') AT TIME ZONE 'UTC')",
    "(TIMESTAMPTZ 'epoch' + {} * INTERVAL '1 microsecond')",
)


def statement(axis: Sequence[Indicator], relation: str, night: Night, engine: Engine) -> str:
    """One scan of `relation` for indicators of one record kind, view and period date.

    Columns: area, agency, starts_on, then ``d_<code>`` and ``n_<code>`` for each indicator. Rows
    are areas by day (agency null) and agencies by month (of a stock by day): both grains from the
    same scan, a quarter cheaper than two queries. Unknown counts as not in. A denominator or
    numerator that indicators share is worked out and summed once; 0 and 1 in a query of their own
    cost a sixth less than CASE or FILTER inside the aggregate.
    """
    marks = _Marks(axis)
    sums = (marks.sums(indicator) for indicator in axis)
    by = "day" if axis[0].accumulates == "stock" else "month"
    start = "day" if by == "day" else "COALESCE(day, month)"
    return (
        f"SELECT area, agency, {start} AS starts_on, {', '.join(sums)}"
        f" FROM ({_marked(axis, relation, night, engine)}) AS marked"
        f" GROUP BY GROUPING SETS ((area, day), (area, agency, {by}))"
    )


def statement_by(
    axis: Sequence[Indicator],
    columns: Sequence[str],
    relation: str,
    night: Night,
    engine: Engine,
) -> str:
    """As `statement`, of all areas of `relation` together and by each of its own `columns` in turn.

    Columns: parted_by (which of them), item (what it holds; empty where nothing is stated),
    starts_on (the month), then ``d_<code>`` and ``n_<code>``.
    """
    marks = _Marks(axis)
    sums = (marks.sums(indicator) for indicator in axis)
    by = " ".join(f"WHEN GROUPING({column}) = 0 THEN '{column}'" for column in columns)
    sets = ", ".join(f"({column}, month)" for column in columns)
    return (
        f"SELECT CASE {by} END AS parted_by, COALESCE({', '.join(columns)}, '') AS item,"
        f" month AS starts_on, {', '.join(sums)}"
        f" FROM ({_marked(axis, relation, night, engine, columns)}) AS marked"
        f" GROUP BY GROUPING SETS ({sets})"
    )


def rows_that_add(
    indicator: Indicator, relation: str, night: Night, engine: Engine, keep: Sequence[str]
) -> str:
    """The rows that `statement` sums up for one indicator: area, agency, day, the columns `keep`,
    and what each adds to the denominator (``d``) and the numerator (``n``)."""
    marked = _marked([indicator], relation, night, engine, keep)
    whole, number = _Marks([indicator]).adds(indicator)
    columns = ", ".join(["area", "agency", "day", *keep])
    return (
        f"SELECT * FROM (SELECT {columns}, CAST(COALESCE({whole}, 0) AS BIGINT) AS d,"
        f" CAST(COALESCE({number}, 0) AS BIGINT) AS n FROM ({marked}) AS marked) AS adding"
        " WHERE d <> 0 OR n <> 0"
    )


def _marked(
    axis: Sequence[Indicator], relation: str, night: Night, engine: Engine, keep: Sequence[str] = ()
) -> str:
    """Each row with its marks, 0, 1 or unknown, and amounts, as `_Marks` names them."""
    period_by, marks = axis[0].period_by, _Marks(axis)
    computed = [*marks.populations.items(), *marks.tests.items(), *marks.amounts.items()]
    columns = ["area_code AS area", "agency_code AS agency", f"{period_by} AS day", *keep]
    columns += [f"CAST(date_trunc('month', {period_by}) AS DATE) AS month"]
    columns += [f"({engine.write(sql, night)}) AS {name}" for sql, name in computed]
    placed = f"SELECT {', '.join(columns)} FROM ({_flagged(axis, relation, night, engine)}) AS f"
    parts = ["area", "agency", "day", "month", *keep, *marks.amounts.values()]
    parts += [f"CAST({name} AS INT) AS {name}" for name in marks.populations.values()]
    parts += [f"CAST({sql} AS INT) AS {name}" for sql, name in marks.both.items()]
    return f"SELECT {', '.join(parts)} FROM ({placed}) AS placed"


class _Marks:
    """What the indicators of an axis share, each worked out once: SQL -> its name. ``p<n>`` is a
    population's condition, ``t<n>`` a numerator's, ``b<n>`` both of them, ``a<n>`` an amount."""

    def __init__(self, axis: Sequence[Indicator]) -> None:
        self.populations = _named("p", (i.population for i in axis))
        self.tests = _named("t", (i.numerator for i in axis))
        self.amounts = _named("a", (sql for i in axis for sql in i.added_up))
        self.both = _named("b", (self._both(i) for i in axis if i.numerator))

    def _both(self, indicator: Indicator) -> str:
        return f"{self.populations[indicator.population]} AND {self.tests[indicator.numerator]}"

    def adds(self, indicator: Indicator) -> tuple[str, str]:
        """What a marked row adds to denominator and numerator."""
        amount, weight = indicator.added_up
        population = self.populations[indicator.population]
        both = population if amount else self.both[self._both(indicator)]
        number = f"{both} * {self.amounts[amount]}" if amount else both
        whole = f"{population} * {self.amounts[weight]}" if weight else population
        if indicator.moves == "out":
            number = f"-({number})"
        elif indicator.enters_by and not indicator.moves:
            number = "0"  # what `period_by` brings has not come in yet
        return ("0" if indicator.moves else whole), number

    def sums(self, indicator: Indicator) -> str:
        """The two sums of an indicator: of marks, or of the amounts that marked records add."""
        whole, number = self.adds(indicator)
        return f"{_total(whole)} AS d_{indicator.code}, {_total(number)} AS n_{indicator.code}"


def _named(letter: str, expressions: Iterable[str]) -> dict[str, str]:
    distinct = dict.fromkeys(sql for sql in expressions if sql)
    return {sql: f"{letter}{number}" for number, sql in enumerate(distinct)}


def _total(added: str) -> str:
    return "CAST(0 AS BIGINT)" if added == "0" else f"CAST(COALESCE(SUM({added}), 0) AS BIGINT)"


def _flagged(axis: Sequence[Indicator], relation: str, night: Night, engine: Engine) -> str:
    """The relation with the flags that the axis uses; a flag's own query, so that it is worked
    out once: engines do not share parts of AND, OR and CASE."""
    period_by, known = axis[0].period_by, flags().get(axis[0].record)
    is_flag = known is not None and period_by in known.flags
    used = (sql for i in axis for sql in (i.population, i.numerator, *i.added_up))
    wanted = {name for sql in used for name in names(sql)} | {period_by}
    query = f"SELECT * FROM {relation}" + ("" if is_flag else f" WHERE {period_by} IS NOT NULL")
    for number, layer in enumerate(known.layers(wanted) if known else []):
        columns = (f"{engine.write(sql, night)} AS {name}" for name, sql in layer.items())
        query = f"SELECT *, {', '.join(columns)} FROM ({query}) AS layer_{number}"
    return f"SELECT * FROM ({query}) AS dated WHERE {period_by} IS NOT NULL" if is_flag else query


def viewed(view: View, relations: Mapping[str, str], night: Night, engine: Engine) -> str:
    """The relation of a view over `relations` (record kind or given relation -> expression), which
    may hold views too. Raises KeyError for a relation that is neither there nor a view."""
    return f"({engine.write(view.sql.format_map(_WithViews(relations, night, engine)), night)})"


class _WithViews(dict[str, str]):
    """Relations, and each view that is not among them written out."""

    def __init__(self, relations: Mapping[str, str], night: Night, engine: Engine) -> None:
        super().__init__(relations)
        self.night, self.engine = night, engine

    def __missing__(self, name: str) -> str:
        return viewed(views()[name], self, self.night, self.engine)
