"""What a database may answer instead of rows, and what a view may hold to do harm."""

from __future__ import annotations

import datetime as dt
import socket
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

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
from extractors.databases import names
from extractors.view_page import text_of
from tests.extractors.conftest import MARK, NIGHT, SECRET, Declare, Shelf, fails, run
from tests.extractors.sql_view.conftest import keys, lines, read_all, reads
from tests.extractors.sql_view.servers import (
    USER,
    MariaDB,
    PostgreSQL,
    Server,
    SQLite,
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


def replaced(server: Server, select: str) -> None:
    """The view with another third column."""
    view, table = server.named("motcua_dossier"), server.named("thay_doi")
    server.run(
        f"DROP VIEW {view}",
        f"CREATE VIEW {view} AS SELECT record_key, updated_at, {select} AS trang_thai FROM {table}",
    )
    server.open_to_the_user()


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


def test_a_cell_too_large_for_a_page_is_refused_once_and_never_fetched(
    database: Server, declare: Declare
) -> None:
    database.fill([("MA-1", AT, "x" * 3_000_000)])
    source = reads(database, declare, max_page_bytes=100_000)
    with peak_memory() as peak:
        told = fails(source, DeliveryBroken)
    assert "100000 bytes" in told
    assert peak() < 1_000_000


def test_large_rows_make_smaller_pages_and_lose_nothing(database: Server, declare: Declare) -> None:
    database.fill([(k, at, "ộ" * 20_000) for k, at, _ in lines(7)])
    source = reads(database, declare, max_page_bytes=100_000, page_size=7)
    delivery, shelf, rows = read_all(source)
    assert [page.rows for page in delivery.landed] == [1] * 7
    assert max(map(len, shelf.pages)) <= 100_000
    assert {len(row["trang_thai"]) for row in rows} == {20_000}


def test_what_grows_when_it_is_written_makes_smaller_pages(
    sqlite: SQLite, declare: Declare
) -> None:
    sqlite.fill([(k, at, "\x01" * 10_000) for k, at, _ in lines(7)])
    delivery, shelf, _ = read_all(reads(sqlite, declare, max_page_bytes=130_000, page_size=7))
    assert [page.rows for page in delivery.landed] == [2, 2, 2, 1]
    assert max(map(len, shelf.pages)) <= 130_000


def test_a_key_longer_than_the_contract_is_a_broken_delivery(
    database: Server, declare: Declare
) -> None:
    database.fill([("K" * 1001, AT, "moi")])
    assert "key longer than 1000" in fails(reads(database, declare), DeliveryBroken)


def test_times_that_python_has_not_arrive_as_the_server_says_them(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    postgresql.fill(lines(4))
    moments = "ARRAY['infinity', '-infinity', '10000-01-01', '0044-03-15 BC']::timestamp[]"
    replaced(postgresql, f"({moments})[right(record_key, 1)::int + 1]")
    assert [row["trang_thai"] for row in read_all(reads(postgresql, declare))[2]] == [
        "infinity",
        "-infinity",
        "10000-01-01 00:00:00",
        "0044-03-15 00:00:00 BC",
    ]


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "10000-01-01"])
def test_a_change_at_a_time_that_never_comes_is_not_lost(
    postgresql: PostgreSQL, declare: Declare, moment: str
) -> None:
    postgresql.fill([("MA-1", moment, "moi")])
    assert keys(reads(postgresql, declare)) == ["MA-1"]


def test_the_day_zero_of_mariadb_arrives_as_it_is(mariadb: MariaDB, declare: Declare) -> None:
    mariadb.fill(lines(1))
    mariadb.run(
        "SET sql_mode = ''",
        "INSERT INTO kho.thay_doi VALUES ('MA-9', '0000-00-00 00:00:00', 'khong')",
    )
    replaced(mariadb, "updated_at")
    rows = read_all(reads(mariadb, declare))[2]
    assert [(row["record_key"], row["trang_thai"]) for row in rows] == [
        ("MA-0000", "2026-11-20 00:00:00.000000"),
        ("MA-9", "0000-00-00 00:00:00.000000"),
    ]


def test_booleans_and_numbers_are_plain_text(postgresql: PostgreSQL, declare: Declare) -> None:
    postgresql.fill(lines(4))
    values = "ARRAY[true::text, (1.50)::numeric::text, (2::bigint ^ 60)::bigint::text, NULL]"
    replaced(postgresql, f"({values})[right(record_key, 1)::int + 1]")
    assert [row["trang_thai"] for row in read_all(reads(postgresql, declare))[2]] == [
        "true",
        "1.50",
        "1152921504606846976",
        None,
    ]
    replaced(postgresql, "record_key = 'MA-0001'")
    assert [r["trang_thai"] for r in read_all(reads(postgresql, declare))[2]][:2] == [
        "false",
        "true",
    ]


def test_nul_characters_arrive_as_they_are(sqlite: SQLite, declare: Declare) -> None:
    sqlite.fill([("MA-1", AT, "a\0b")])
    assert read_all(reads(sqlite, declare))[2][0]["trang_thai"] == "a\0b"


def test_nul_characters_of_mariadb_arrive_as_they_are(mariadb: MariaDB, declare: Declare) -> None:
    mariadb.fill([("MA-1", AT, "a\0b")])
    assert read_all(reads(mariadb, declare))[2][0]["trang_thai"] == "a\0b"


def test_bytes_that_are_no_utf8_are_kept_and_are_no_text(sqlite: SQLite, declare: Declare) -> None:
    sqlite.fill([("MA-2", AT, "moi")])
    sqlite.run("INSERT INTO thay_doi VALUES ('MA-1', '2026-11-20T08:00:00', CAST(x'41ff' AS TEXT))")
    rows = read_all(reads(sqlite, declare))[2]
    assert [row["trang_thai"] for row in rows] == [{"hex": "41ff"}, "moi"]


def test_a_postgresql_that_takes_any_bytes_for_text_is_read_nevertheless(
    postgresql: PostgreSQL, declare: Declare
) -> None:
    with postgresql.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.exec_driver_sql(
            "CREATE DATABASE khong_ma ENCODING SQL_ASCII TEMPLATE template0"
            " LOCALE_PROVIDER libc LOCALE 'C'"
        )
    query = {"client_encoding": "UTF8"}
    owner_url = postgresql.engine.url.set(database="khong_ma").update_query_dict(query)
    address = sa.make_url(postgresql.address).set(database="khong_ma").render_as_string()
    other = PostgreSQL(owner_url.render_as_string(), address)
    other.run("CREATE SCHEMA kho", f"GRANT USAGE ON SCHEMA kho TO {USER}")
    other.fill([("MA-1", AT, "Đã tiếp nhận")])
    other.run("INSERT INTO kho.thay_doi VALUES ('MA-2', '2026-11-20T08:00:00', E'A\\377')")
    rows = read_all(reads(other, declare))[2]
    other.engine.dispose()
    assert [row["trang_thai"] for row in rows] == ["Đã tiếp nhận", {"hex": "41ff"}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (7, "7"),
        (1e22, "1e+22"),
        (Decimal("1E+3"), "1000"),
        (dt.datetime(2026, 11, 20, 8), "2026-11-20T08:00:00"),
        (dt.date(2026, 11, 20), "2026-11-20"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (memoryview(b"\xff"), {"hex": "ff"}),
    ],
)
def test_every_value_of_a_driver_has_one_form(value: Any, text: Any) -> None:
    assert text_of(value) == text


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


@contextmanager
def peak_memory() -> Iterator[Any]:
    tracemalloc.start()
    try:
        yield lambda: peak
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
