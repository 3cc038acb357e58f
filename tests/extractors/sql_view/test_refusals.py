"""What a database may answer instead of rows, and what a view may do to harm."""

from __future__ import annotations

import socket
import time

import pytest
import sqlalchemy as sa

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SchemaDrift,
    SourceError,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from extractors import collect
from extractors.views.databases import names
from tests.extractors.conftest import MARK, NIGHT, SECRET, Declare, Shelf, drift, fails, run
from tests.extractors.sql_view.conftest import lines, reads, replaced
from tests.extractors.sql_view.servers import (
    USER,
    MariaDB,
    PostgreSQL,
    Server,
    free_port,
)

AT = "2026-11-20T08:00:00"


def test_a_wrong_password_is_a_refusal_that_is_asked_for_once(
    networked: Server, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    networked.fill(lines(1))
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", "another-secret")
    told = fails(reads(networked, declare), SourceRefused)
    assert "another-secret" not in told
    assert USER not in told


def test_a_missing_privilege_is_a_refusal(networked: Server, declare: Declare) -> None:
    networked.fill(lines(1))
    networked.run(f"REVOKE SELECT ON kho.motcua_dossier FROM {USER}")
    fails(reads(networked, declare), SourceRefused)


def test_a_missing_database_is_a_refusal(networked: Server, declare: Declare) -> None:
    url = sa.make_url(networked.address).set(database="khong_co").render_as_string()
    fails(reads(networked, declare, url=url), SourceRefused)


def test_a_view_that_is_not_there_is_drift(database: Server, declare: Declare) -> None:
    database.fill([])
    view = database.named("khong_co")
    if isinstance(database, MariaDB):  # which does not tell strangers what there is not
        database.run(f"GRANT SELECT, CREATE ON {view} TO {USER}")
    fails(reads(database, declare, views={"dossier": view}), SchemaDrift)


def test_a_column_under_another_name_is_drift(database: Server, declare: Declare) -> None:
    database.fill([("MA-1", AT, MARK)])
    source = reads(database, declare)
    _, shelf = run(source)
    assert "ma_ho_so" in drift(source, shelf.pages)


def test_a_column_that_goes_in_the_middle_of_a_delivery_is_drift(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    postgresql.fill(lines(7))
    source, shelf = reads(postgresql, declare), Shelf()

    def land(content: bytes) -> str:
        postgresql.cut_off()
        postgresql.run(
            "DROP VIEW kho.motcua_dossier",
            "CREATE VIEW kho.motcua_dossier AS SELECT record_key, updated_at FROM kho.thay_doi",
        )
        postgresql.open_to_the_user()
        return shelf.land(content)

    with pytest.raises(SchemaDrift):
        collect(source, "dossier", NIGHT, "", land)
    assert len(shelf.pages) == 1


DRIVERS = [
    "postgresql+psycopg",
    "mariadb+pymysql",
    "mysql+pymysql",
    "oracle+oracledb",
    "mssql+pymssql",
]


@pytest.mark.parametrize("driver", DRIVERS)
def test_nobody_at_the_address_is_unavailable(driver: str, declare: Declare) -> None:
    pytest.importorskip(driver.partition("+")[2])
    url = f"{driver}://127.0.0.1:{free_port()}/x"
    fails(declare(platform="sql_view", url=url, attempts=1), SourceUnavailable)


@pytest.mark.parametrize("driver", [name for name in DRIVERS if "oracle" not in name])
def test_somebody_who_says_nothing_is_given_up(driver: str, declare: Declare) -> None:
    pytest.importorskip(driver.partition("+")[2])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{driver}://127.0.0.1:{silent.getsockname()[1]}/x"
        source = declare(platform="sql_view", url=url, attempts=1, timeout_seconds=1)
        started = time.monotonic()
        fails(source, SourceUnavailable)
        assert time.monotonic() - started < 20


def test_too_many_connections_of_postgresql_are_throttling(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    postgresql.fill(lines(1))
    postgresql.run(f"ALTER ROLE {USER} CONNECTION LIMIT 0")
    try:
        fails(reads(postgresql, declare), SourceThrottled)
    finally:
        postgresql.run(f"ALTER ROLE {USER} CONNECTION LIMIT -1")


def test_a_locked_account_is_a_refusal(postgresql: PostgreSQL, declare: Declare) -> None:
    postgresql.fill(lines(1))
    postgresql.run(f"ALTER ROLE {USER} NOLOGIN")
    try:
        fails(reads(postgresql, declare), SourceRefused)
    finally:
        postgresql.run(f"ALTER ROLE {USER} LOGIN")


def test_too_many_connections_of_mariadb_are_throttling(mariadb: MariaDB, declare: Declare) -> None:
    mariadb.fill(lines(1))
    mariadb.run(f"ALTER USER {USER} WITH MAX_USER_CONNECTIONS 1")
    held = sa.create_engine(
        sa.make_url(mariadb.address).set(username=USER, password=SECRET), pool_size=1
    )
    try:
        with held.connect():
            fails(reads(mariadb, declare), SourceThrottled)
    finally:
        held.dispose()
        mariadb.run(f"ALTER USER {USER} WITH MAX_USER_CONNECTIONS 0")


@pytest.mark.parametrize(
    ("name", "sleep"), [("postgresql", "pg_sleep(30)"), ("mariadb", "SLEEP(30)")]
)
def test_a_statement_that_takes_too_long_is_given_up(
    name: str, sleep: str, declare: Declare, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(name)
    server.fill(lines(1))
    cast = "CAST({} AS text)" if name == "postgresql" else "{}"
    replaced(server, cast.format(sleep))
    fails(reads(server, declare, timeout_seconds=0.2, attempts=1), SourceUnavailable)


def test_a_view_that_would_write_is_not_let(networked: Server, declare: Declare) -> None:
    """As owners of the view's function could have it: our transaction only reads."""
    networked.fill(lines(1))
    if isinstance(networked, PostgreSQL):
        networked.run(
            "CREATE OR REPLACE FUNCTION kho.ghi() RETURNS text LANGUAGE sql VOLATILE SECURITY"
            " DEFINER AS 'INSERT INTO kho.thay_doi VALUES (''X'') RETURNING record_key'"
        )
    else:
        networked.run(
            "CREATE OR REPLACE FUNCTION kho.ghi() RETURNS text MODIFIES SQL DATA BEGIN"
            " INSERT INTO kho.nhat_ky VALUES ('X'); RETURN 'X'; END",
            "CREATE TABLE IF NOT EXISTS kho.nhat_ky (ghi text)",
        )
    replaced(networked, "kho.ghi()")
    fails(reads(networked, declare), SourceError)
    with networked.engine.connect() as connection:
        table = "thay_doi" if isinstance(networked, PostgreSQL) else "nhat_ky"
        written = f"SELECT count(*) FROM kho.{table}"
        expected = 1 if table == "thay_doi" else 0
        assert connection.exec_driver_sql(written).scalar() == expected


def test_errors_and_requests_hold_no_value_of_a_row(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    postgresql.fill([(f"{MARK}-{n}", AT, MARK) for n in range(4)])
    replaced(postgresql, f"CAST(1 / (record_key <> '{MARK}-3')::int AS text)")
    told = fails(reads(postgresql, declare), DeliveryBroken)
    assert "22012" in told


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql+psycopg://khach:mat-khau@127.0.0.1/x", "holds a password"),
        ("postgresql+psycopg://127.0.0.1/x?password=mat-khau", "holds a password"),
        ("excel:///x", "must begin with one of"),
        ("khong phai dia chi", "no SQLAlchemy address"),
        ("postgresql+khong_co://127.0.0.1/x", "driver of postgresql.khong_co is not installed"),
    ],
)
def test_a_wrong_address_is_a_wrong_declaration(url: str, problem: str, declare: Declare) -> None:
    with pytest.raises(DeclarationError, match=problem) as caught:
        run(declare(platform="sql_view", url=url))
    assert "mat-khau" not in str(caught.value)


def test_servers_are_found_by_the_names_of_their_files() -> None:
    assert set(names()) == {"mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite"}
