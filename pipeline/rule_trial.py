"""Trying a check before it is switched on: what it would have changed over the last nights.

Judged is what was received: the versions that the lake's log holds and the quarantined rows, each
as of its own night. A version that came again unchanged is judged once. Nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import Record, records
from catalog.settings import settings
from catalog.sources import sources
from expectations.check import Check
from expectations.engine import build_suite, failing_rows
from expectations.findings import severity_of
from expectations.sql import condition, judged
from pipeline.batch import USABLE
from pipeline.stores import lake, warehouse
from warehouse.quarantined import quarantined

BATCH = ("source_id", "night")
_FOUND = """
    SELECT source_id, refused_by, right(code, 4) AS suffix, is_judged,
        fails AND severity = 'error' AND refused_by = [] AS newly_refused,
        refused_by = [$check_id] AND NOT (fails AND severity = 'error') AS newly_let_through,
        fails AND severity = 'warning' AS is_warned
    FROM flagged JOIN severities USING (source_id, night)
"""
_COUNTED = f"""
    SELECT source_id, count(*) AS rows, count(*) FILTER (is_judged) AS judged,
        count(*) FILTER (newly_refused) AS newly_refused,
        count(*) FILTER (newly_let_through) AS newly_let_through,
        count(*) FILTER (is_warned) AS warned,
        list(DISTINCT suffix ORDER BY suffix) FILTER (newly_refused) AS refused_examples,
        list(DISTINCT suffix ORDER BY suffix) FILTER (newly_let_through) AS let_through_examples
    FROM ({_FOUND}) GROUP BY source_id ORDER BY source_id
"""
EXAMPLES = 3


def last_night(check: Check) -> Night:
    """The newest night of which the lake holds records that the row check is about."""
    _refuse_batch_check(check)
    nights = (lake().newest(records()[kind]) for kind in check.records)
    known = [night for night in nights if night]
    if not known:
        raise DeclarationError(f"{check.check_id}.yml", "nothing was received yet that it judges")
    return Night(max(known))


def tried(
    check: Check, last: Night, days: int, source_id: str | None = None, by_sql: bool = True
) -> list[dict[str, Any]]:
    """What the row check would have changed in the `days` nights through `last`, by record kind and
    source: how many rows it judged, would newly have refused, let through, and warned about;
    examples by the end of their code. Without `by_sql` all of it through Great Expectations.

    Raises DeclarationError for a batch check: its facts are not rows.
    """
    _refuse_batch_check(check)
    trials = (_Trial(check, records()[kind], last, days, source_id) for kind in check.records)
    return [line for trial in trials for line in trial.run(by_sql)]


def _refuse_batch_check(check: Check) -> None:
    if check.scope != "row":
        raise DeclarationError(f"{check.check_id}.yml", "only checks of rows can be tried")


@dataclass(frozen=True)
class _Trial:
    """One check on one record kind. The relation `received` holds the rows: the record's columns,
    `night`, `cutoff`, `code` and `refused_by`, the checks that refused the row then."""

    check: Check
    record: Record
    last: Night
    days: int
    source_id: str | None

    @property
    def nights(self) -> list[Night]:
        return [Night(self.last.on - dt.timedelta(days=n)) for n in range(self.days)]

    def run(self, by_sql: bool) -> Iterator[dict[str, Any]]:
        with duckdb.connect(config={"memory_limit": settings().memory_limit}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("severities", self._severities())
            connection.register("refused", self._refused)
            connection.execute(f"CREATE VIEW received AS {self._received()}")
            rule = condition(self.check, self.record, "cutoff", BATCH) if by_sql else None
            if rule:
                told = judged(self.check, self.record)
                flagged = f"SELECT *, {rule} AS fails, {told} AS is_judged FROM received"
                connection.execute(f"CREATE VIEW flagged AS {flagged}")
            else:
                connection.register("flagged", self._by_engine(connection))
            found = connection.sql(_COUNTED, params={"check_id": self.check.check_id})
            for line in found.to_arrow_table().to_pylist():
                yield {"record": self.record.kind, **line, **_examples(line)}

    def _received(self) -> str:
        columns = ", ".join(self.record.columns)
        code = f"concat_ws('|', {', '.join(self.record.key)})"
        mine = f"batch_id = concat(source_id, '.{self.record.kind}.', night)"
        return f"""
            SELECT received.*, cutoff, {code} AS code FROM (
                SELECT {columns}, night, CAST([] AS VARCHAR[]) AS refused_by
                FROM {lake().versions(self.record)} WHERE {mine}
                UNION ALL BY NAME SELECT {columns}, night, refused_by FROM refused
            ) AS received
            JOIN (SELECT DISTINCT night, cutoff FROM severities) USING (night)
            WHERE source_id IN (SELECT source_id FROM severities)"""

    def _severities(self) -> pa.Table:
        """How seriously the check is taken at each source on each night, and the night's end."""
        asked = [s for s in sources().values() if self.source_id in (None, s.source_id)]
        rows = [
            {"source_id": source.source_id, "night": night.on, "cutoff": night.cutoff,
             "severity": severity_of(self.check, source, night)}
            for source in asked for night in self.nights
        ]  # fmt: skip
        names = {"source_id": pa.string(), "night": pa.date32(), "severity": pa.string()}
        schema = pa.schema({**names, "cutoff": pa.timestamp("us", "UTC")})
        return pa.Table.from_pylist(rows, schema)

    @cached_property
    def _refused(self) -> pa.Table:
        """The quarantined rows of batches that were merged."""
        with warehouse().engine.connect() as connection:
            found = quarantined(connection, self.record, self.nights[-1].on, self.last.on)
        held = pa.array(sorted(_held(self.nights)), pa.string())
        return found.filter(pc.invert(pc.is_in(found["batch_id"], held)))

    def _by_engine(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """`received` with what the check says of each batch, through Great Expectations."""
        told = judged(self.check, self.record)
        parts = []
        for source_id, night in connection.execute(
            "SELECT DISTINCT source_id, night FROM received ORDER BY ALL"
        ).fetchall():
            query = f"SELECT *, {told} AS is_judged FROM received WHERE source_id = ? AND night = ?"
            rows = connection.sql(query, params=[source_id, night]).to_arrow_table()
            table = rows.select(self.record.columns).cast(self.record.arrow_schema)
            failing = failing_rows(build_suite([self.check], Night(night)), table)
            fails = set(failing.get(self.check.check_id, []))
            flags = pa.array([n in fails for n in range(rows.num_rows)], pa.bool_())
            parts.append(rows.append_column("fails", flags))
        return pa.concat_tables(parts) if parts else self._nothing(connection)

    def _nothing(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        query = "SELECT *, true AS is_judged, false AS fails FROM received"
        return connection.sql(query).to_arrow_table()


def _held(nights: list[Night]) -> set[str]:
    """The batches of these nights that were judged and not merged."""
    rows = (row for night in nights for row in warehouse().ledger(on=night.on))
    return {row["batch_id"] for row in rows if _is_held(row)}


def _is_held(row: dict[str, Any]) -> bool:
    return row["stage"] == "judge" and row["verdict"] not in USABLE


def _examples(line: dict[str, Any]) -> dict[str, list[str]]:
    names = ("refused_examples", "let_through_examples")
    return {name: [f"…{suffix}" for suffix in (line[name] or [])[:EXAMPLES]] for name in names}
