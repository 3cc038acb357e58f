"""Row-level security: which tables a role may read, and which of their rows.

What follows from a table's columns is not declared: a table with an area has the rows of that area,
one with a source those of the source, and a table with neither is about the nation and for those
who read all. A list that everybody may read says so (`EVERYBODY`).
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from warehouse.definitions import digest, noted, quoted, written
from warehouse.readers import AREA, NATIONAL, PUBLIC, create_missing
from warehouse.tables.columns import ABOUT_SCHEMAS, area_is_own

RULES = "rules"
PUBLISHED = "mart"


def follow(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Make roles, policies and grants what `tables` ask for, where they are not."""
    with_new = create_missing(connection)
    wanted = list(_statements(tables))
    if with_new or connection.exec_driver_sql(written(RULES)).scalar() != digest(wanted):
        for statement in [*wanted, noted(RULES, wanted)]:
            connection.exec_driver_sql(statement)


def who_reads(schema: str) -> list[str]:
    """The roles that may look into a schema."""
    return [NATIONAL, AREA, *([PUBLIC] if schema == PUBLISHED else [])]


def own_rows(table: sa.Table) -> str:
    """The condition on the rows that one area's role sees; empty where none is one area's."""
    if "own" in table.info:
        return str(table.info["own"])
    for column in ("area", "area_code"):
        if column in table.c:
            return area_is_own(column)
    if "source_id" in table.c:
        return "source_id = ANY (ARRAY(SELECT source_id FROM mart.source))"
    return ""


def _statements(tables: sa.MetaData) -> Iterator[str]:
    for schema, about in ABOUT_SCHEMAS.items():
        yield f"COMMENT ON SCHEMA {schema} IS {quoted(about)}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {', '.join(who_reads(schema))}"
    for table in tables.sorted_tables:
        yield from _of_table(table)


def _of_table(table: sa.Table) -> Iterator[str]:
    everyone = [role for role in who_reads(str(table.schema)) if role != AREA]
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"REVOKE ALL ON {table} FROM PUBLIC, {AREA}, {PUBLIC}, {NATIONAL}"
    yield f"DROP POLICY IF EXISTS all_rows ON {table}"
    yield _policy(table, "all_rows", everyone, "true")
    yield f"GRANT SELECT ON {table} TO {', '.join(everyone)}"
    yield f"DROP POLICY IF EXISTS own_rows ON {table}"
    if condition := own_rows(table):
        yield _policy(table, "own_rows", [AREA], condition)
        yield f"GRANT SELECT ON {table} TO {AREA}"


def _policy(table: sa.Table, name: str, roles: list[str], condition: str) -> str:
    return f"CREATE POLICY {name} ON {table} FOR SELECT TO {', '.join(roles)} USING ({condition})"
