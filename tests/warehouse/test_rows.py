"""Who sees which rows, tried in every table and view with every role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, ProgrammingError

from catalog.area_changes import area_changes
from catalog.areas import areas
from catalog.sources import sources
from tests.warehouse.filled import areas_in, fill, known_areas
from warehouse.postgres import Warehouse
from warehouse.readers import AREA, NATIONAL, PUBLIC, readers
from warehouse.roles import own_rows
from warehouse.tables import metadata

ROLES = sorted(set(readers().values()))
REFUSED = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.WrongObjectType,  # a view is no table
    psycopg.errors.ObjectNotInPrerequisiteState,  # nor can this one be written through
)
RELATIONS = """SELECT n.nspname || '.' || c.relname, c.relkind, c.relrowsecurity,
    'security_invoker=true' = ANY (c.reloptions)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('ops', 'record', 'mart') AND c.relkind NOT IN ('i', 'S', 't', 'I')"""
TABLES = {str(table): table for table in metadata.sorted_tables}
VIEWS = ("mart.figure", "mart.wide_on_time")
REPORTING = {source.area for source in sources().values()}
OPEN_LISTS = {"mart.release", "mart.indicator", "mart.code"}


@pytest.fixture(scope="module")
def filled(server: str) -> Warehouse:
    warehouse = Warehouse(server)
    with warehouse.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {', '.join(TABLES)}"))
    warehouse.migrate()
    fill(warehouse)
    return warehouse


@contextmanager
def as_role(warehouse: Warehouse, role: str) -> Iterator[sa.Connection]:
    with warehouse.engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {role}")
        yield connection


def _relations(warehouse: Warehouse) -> list[Any]:
    with warehouse.engine.connect() as connection:
        return list(connection.exec_driver_sql(RELATIONS))


def _read(connection: sa.Connection, relation: str) -> list[dict[str, Any]] | None:
    """Its rows as this role sees them; None where it may not look at all."""
    query = f"SELECT has_schema_privilege('{relation.partition('.')[0]}', 'USAGE')"
    if not connection.exec_driver_sql(query).scalar():
        with pytest.raises(ProgrammingError, match="InsufficientPrivilege"):
            _rows(connection, relation)
        return None
    query = f"SELECT has_table_privilege('{relation}', 'SELECT')"
    if not connection.exec_driver_sql(query).scalar():
        with pytest.raises(ProgrammingError, match="InsufficientPrivilege"):
            _rows(connection, relation)
        return None
    return _rows(connection, relation)


def _rows(connection: sa.Connection, relation: str) -> list[dict[str, Any]]:
    with connection.begin_nested():
        found = connection.exec_driver_sql(f"SELECT * FROM {relation}").mappings()
        return [dict(row) for row in found]


@pytest.mark.parametrize("role", ROLES)
def test_an_area_sees_itself_and_nothing_else(filled: Warehouse, role: str) -> None:
    own = {code for code, reader in readers().items() if reader == role}
    with as_role(filled, role) as connection:
        for relation, *_ in _relations(filled):
            rows = _read(connection, relation)
            seen = {area for row in rows or () for area in areas_in(relation, row)}
            assert seen <= own, relation
            assert seen == _expected(relation, own), relation


def _expected(relation: str, own: set[str]) -> set[str]:
    """The areas that somebody who may see `own` finds there: those that have rows."""
    if relation == "mart.area_change":
        changed = {(c.from_code, c.to_code) for c in area_changes()}
        return {code for pair in changed if own.issuperset(pair) for code in pair}
    table = TABLES.get(relation)
    if table is None:
        return own if relation in VIEWS else set()
    if relation in OPEN_LISTS or not own_rows(table):
        return set()
    is_by_source = not {"area", "area_code", "reader"} & {column.name for column in table.c}
    return own & REPORTING if is_by_source or relation == "mart.source" else own


def test_a_province_sees_what_it_was_before(filled: Warehouse) -> None:
    assert readers()["H02"] == readers()["H05"] == "province_bac_ninh"
    with as_role(filled, "province_bac_ninh") as connection:
        rows = connection.exec_driver_sql("SELECT area FROM mart.figure ORDER BY area").scalars()
        assert list(rows) == ["H02", "H05"]
        changes = _read(connection, "mart.area_change") or []
        assert [(row["from_code"], row["to_code"]) for row in changes] == [("H02", "H05")]


def test_the_national_office_sees_everything(filled: Warehouse) -> None:
    with filled.engine.connect() as owner, as_role(filled, NATIONAL) as connection:
        for relation, *_ in _relations(filled):
            if relation != "ops.alembic_version":
                assert _read(connection, relation) == _read(owner, relation) != []
        figures = _read(connection, "mart.figure") or []
        assert {row["area"] for row in figures} == {*known_areas(), "X-NONE"}


def test_the_public_sees_what_is_published_and_no_more(filled: Warehouse) -> None:
    with filled.engine.connect() as owner, as_role(filled, PUBLIC) as connection:
        for relation, *_ in _relations(filled):
            is_published = relation.startswith("mart.")
            expected = _read(owner, relation) if is_published else None
            assert _read(connection, relation) == expected


@pytest.mark.parametrize("role", [NATIONAL, PUBLIC, "province_ha_noi"])
def test_nobody_but_the_owner_writes(filled: Warehouse, role: str) -> None:
    with as_role(filled, role) as connection:
        for relation, *_ in _relations(filled):
            for statement in (
                f"DELETE FROM {relation}", f"TRUNCATE {relation}", f"DROP TABLE {relation}",
                f"INSERT INTO {relation} DEFAULT VALUES",
            ):  # fmt: skip
                with pytest.raises(DBAPIError) as refusal, connection.begin_nested():
                    connection.exec_driver_sql(statement)
                assert isinstance(refusal.value.orig, REFUSED), statement
        for schema in ("mart", "record", "ops"):
            with pytest.raises(ProgrammingError), connection.begin_nested():
                connection.exec_driver_sql(f"CREATE TABLE {schema}.mine (a int)")


def test_every_table_has_policies_and_every_view_asks_as_its_reader(filled: Warehouse) -> None:
    kinds = {"r": 0, "v": 0}
    for relation, kind, has_policies, as_reader in _relations(filled):
        kinds[kind] += 1
        if kind == "v":
            assert as_reader, relation
        elif relation != "ops.alembic_version":
            assert has_policies, f"{relation}: row-level security is off"
            assert relation in TABLES
    assert kinds == {"r": len(TABLES) + 1, "v": len(VIEWS)}


def test_no_function_of_ours_runs_as_its_owner(filled: Warehouse) -> None:
    query = """SELECT count(*) FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"""
    with filled.engine.connect() as connection:
        assert connection.exec_driver_sql(query).scalar() == 0


SPY = """CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001
    AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"""


@pytest.mark.parametrize(
    ("relation", "column"),
    [("mart.observation", "area"), ("mart.figure", "area"), ("mart.wide_on_time", "area"),
     ("record.dossier", "area_code"), ("ops.ledger", "source_id"), ("mart.area", "code")],
)  # fmt: skip
def test_a_function_of_the_readers_own_is_shown_no_foreign_row(
    filled: Warehouse, relation: str, column: str
) -> None:
    """One that costs next to nothing is asked first, unless a policy comes before it."""
    told: list[str] = []
    address = filled.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
        connection.execute("SET ROLE province_ha_noi")
        connection.execute(SPY)
        connection.execute(f"SELECT FROM {relation} WHERE pg_temp.spy({column})")  # type: ignore[arg-type]
    assert set(told) == ({"ha_noi"} if column == "source_id" else {"H26"})


def test_statistics_of_the_server_tell_nothing(filled: Warehouse) -> None:
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE mart.observation")
    query = "SELECT count(*) FROM pg_stats WHERE schemaname = 'mart'"
    with filled.engine.connect() as owner, as_role(filled, "province_ha_noi") as connection:
        assert owner.exec_driver_sql(query).scalar() != 0
        assert connection.exec_driver_sql(query).scalar() == 0


def test_a_login_reads_by_the_roles_that_it_was_granted(filled: Warehouse) -> None:
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE an_login LOGIN")
    try:
        address = filled.url.set(drivername="postgresql", username="an_login")
        assert _areas_seen(address) is None
        for role, own in (("province_hue", {"H57"}), ("province_bo_y_te", {"H57", "G18"})):
            with filled.engine.begin() as connection:
                connection.exec_driver_sql(f"GRANT {role} TO an_login")
            own |= {code for code, reader in readers().items() if reader == "province_hue"}
            assert _areas_seen(address) == own
    finally:
        with filled.engine.begin() as connection:
            connection.exec_driver_sql("DROP ROLE an_login")


def _areas_seen(address: sa.URL) -> set[str] | None:
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        try:
            return {area for (area,) in connection.execute("SELECT area FROM mart.figure")}
        except psycopg.errors.InsufficientPrivilege:
            return None


def test_a_role_is_called_as_the_source_of_its_area() -> None:
    for source in sources().values():
        if not source.reports_for and areas()[source.area].kind != "other":
            assert readers()[source.area] == f"province_{source.source_id}"
    assert readers()["G22"] == "province_van_phong_chinh_phu"
    assert max(map(len, readers().values())) <= 63
    assert not {"VN", "X-WABO", "X-VNPOST", "G24"} & readers().keys()


def test_roles_are_groups_that_cannot_log_in(filled: Warehouse) -> None:
    query = """SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND NOT
        (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"""
    with psycopg.connect(
        filled.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        found = connection.execute(query, ([*ROLES, AREA, NATIONAL, PUBLIC],))
        assert {name for (name,) in found} == {*ROLES, AREA, NATIONAL, PUBLIC}
