"""What the quarantine holds of an area, replayed: the figure as it would be with those rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from catalog.night import Night
from catalog.records import Record, records
from expectations.check import checks
from pipeline.explain.made_of import totals, value_of
from pipeline.explain.published import Published
from pipeline.stores import warehouse
from transforms.indicators.behind import Asked, find_behind
from transforms.indicators.living import living_relations
from transforms.indicators.runners import DuckDBRunner
from warehouse.connections import transaction
from warehouse.tables.ops import finding

Row = dict[str, Any]
PARSED = {"timestamp": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}
NEWEST = "(version_at, batch_on, content_hash)"
"""Which version of a key counts, as in the merge."""


def quarantined(
    connection: duckdb.DuckDBPyConnection,
    published: Published,
    relations: Mapping[str, str],
    now: Row,
) -> Row:
    """The open findings of severity error about rows of the area, by check, and what the figure
    would be if their rows were merged; without any, as it is `now`. Replaces ``behind``.

    `relations` are the states of the record kinds that the figure is worked out from. Of several
    versions of a key the newest counts; a row whose key has since come in a newer version changes
    nothing (`replaced`).
    """
    home = finding.c.row["area_code"].astext.in_(published.homes)
    found, asked = open_findings(published.night, list(relations), home), published.asked
    numerator, denominator, checked = now["numerator"], now["denominator"], list[Row]()
    if found:
        with_them = entering(connection, found, relations)
        living = living_relations(DuckDBRunner(connection), with_them, published.night)
        find_behind(connection, asked, living, published.night, published.not_fed)
        numerator, denominator = totals(connection)
        checked = _by_check(connection, asked, found)
    return {
        "rows": len({(row["record"], row["row"]["key_hash"]) for row in found}),
        "numerator_with": numerator,
        "denominator_with": denominator,
        "value_with": value_of(asked.declared.unit, numerator, denominator),
        "checks": checked,
    }


def entering(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Row], relations: Mapping[str, str]
) -> dict[str, str]:
    """The states with the quarantined rows of each record kind in them."""
    made = {}
    for kind, relation in relations.items():
        rows = [row["row"] for row in found if row["record"] == kind]
        made[kind] = replayed(connection, records()[kind], relation, rows)
    return made


def open_findings(
    night: Night, kinds: Sequence[str], *conditions: sa.ColumnElement[bool]
) -> list[Row]:
    """Of severity error and about rows, as they were after that night: what a later night closed
    was open then."""
    later = finding.alias("later")
    same = ("source_id", "record", "check_id", "record_key")
    is_repeated = sa.exists().where(
        *(later.c[name] == finding.c[name] for name in same),
        later.c.batch_on > night.on,
    )
    columns = ("check_id", "record", "record_key", "first_seen", "row")
    query = sa.select(*(finding.c[name] for name in columns)).where(
        finding.c.severity == "error",
        finding.c.record_key.is_not(None),
        finding.c.record.in_(kinds),
        finding.c.batch_on <= night.on,
        sa.or_(finding.c.state == "open", is_repeated, finding.c.fixed_on > night.on),
        *conditions,
    )
    with transaction(warehouse().engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def replayed(
    connection: duckdb.DuckDBPyConnection, record: Record, state: str, rows: Sequence[Row]
) -> str:
    """The state with the quarantined rows that are newer than what it has; these stand in the
    temporary table ``entering_<kind>``."""
    name = f"entering_{record.kind}"
    connection.register("refused", _table(record, rows))
    carried = "".join(
        f", coalesce(held.{column}, refused.{column}, refused.{source}) AS {column}"
        for column, source in record.first_seen_fields.items()
    )
    own = ", ".join(f"refused.{c}" for c in record.columns if c not in record.first_seen_fields)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        WITH newest AS (
            FROM refused QUALIFY row_number()
                OVER (PARTITION BY key_hash ORDER BY {NEWEST} DESC) = 1
        ), held AS MATERIALIZED (FROM {state} AS state SEMI JOIN newest USING (key_hash))
        SELECT {own}{carried}
        FROM newest AS refused LEFT JOIN held USING (key_hash)
        WHERE held.key_hash IS NULL
            OR (refused.version_at, refused.batch_on, refused.content_hash)
             > (held.version_at, held.batch_on, held.content_hash)""")
    connection.unregister("refused")
    columns = ", ".join(record.columns)
    return (
        f"(SELECT {columns} FROM {state} AS state ANTI JOIN {name} USING (key_hash)"
        f" UNION ALL SELECT {columns} FROM {name})"
    )


def _table(record: Record, rows: Sequence[Row]) -> pa.Table:
    parsed = [
        {
            name: PARSED[field.type](row[name])
            if row.get(name) is not None and field.type in PARSED
            else row.get(name)
            for name, field in record.columns.items()
        }
        for row in rows
    ]
    schema = pa.schema([pa.field(name, field.arrow) for name, field in record.columns.items()])
    return pa.Table.from_pylist(parsed, schema)


def _by_check(
    connection: duckdb.DuckDBPyConnection, asked: Asked, found: Sequence[Row]
) -> list[Row]:
    """A row that several checks refuse stands under each of them. What its rows would count is
    unknown (None) of another record kind, which only a view looks at."""
    table = [
        {"check_id": r["check_id"], "record": r["record"], "key": r["row"]["key_hash"],
         "first_seen": r["first_seen"]}
        for r in found
    ]  # fmt: skip
    kinds = {row["record"] for row in found}
    entering = " UNION ALL ".join(
        f"SELECT '{kind}' AS record, key_hash AS key FROM entering_{kind}" for kind in sorted(kinds)
    )
    connection.register("refused", pa.Table.from_pylist(table))
    rows = connection.sql(f"""
        WITH entering AS ({entering}), counted AS (
            SELECT key_hash AS key, sum(numerator) AS numerator, sum(denominator) AS denominator
            FROM behind GROUP BY key_hash)
        SELECT check_id, record, count(DISTINCT key) AS rows, min(first_seen) AS first_seen,
            count(DISTINCT key) FILTER (entering.key IS NULL) AS replaced,
            coalesce(sum(numerator) FILTER (entering.key IS NOT NULL), 0)::BIGINT AS numerator,
            coalesce(sum(denominator) FILTER (entering.key IS NOT NULL), 0)::BIGINT AS denominator
        FROM (SELECT DISTINCT * FROM refused) AS refused
        LEFT JOIN entering USING (record, key) LEFT JOIN counted USING (key)
        GROUP BY check_id, record ORDER BY rows DESC, check_id""").fetchall()
    connection.unregister("refused")
    names = ("check_id", "record", "rows", "first_seen", "replaced", "numerator", "denominator")
    told = [{**_words(row[0]), **dict(zip(names, row, strict=True))} for row in rows]
    own = {part.record for part in asked.declared.parts}
    merged = connection.sql("SELECT count(*) FROM behind WHERE key_hash IS NULL").fetchall()
    unknown = {"numerator": None, "denominator": None}
    return [row if row["record"] in own and merged == [(0,)] else row | unknown for row in told]


def _words(check_id: str) -> Row:
    known = checks().get(check_id)
    names = ("title_vi", "title_en", "fix_vi")
    return {name: getattr(known, name) if known else "" for name in names}
