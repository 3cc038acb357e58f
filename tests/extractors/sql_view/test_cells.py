"""What the cells of a view may hold, and how much: what no driver or server says in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from catalog.errors import (
    DeliveryBroken,
)
from extractors import collect
from extractors.views.page import text_of
from tests.extractors.conftest import NIGHT, Declare, fails
from tests.extractors.monsters import within
from tests.extractors.sql_view.conftest import keys, lines, read_all, reads, replaced
from tests.extractors.sql_view.servers import (
    USER,
    MariaDB,
    PostgreSQL,
    Server,
    SQLite,
)

AT = "2026-11-20T08:00:00"


def test_a_cell_too_large_for_a_page_is_refused_once_and_never_fetched(
    database: Server, declare: Declare
) -> None:
    database.fill([("MA-1", AT, "x" * 3_000_000)])
    source = reads(database, declare, max_page_bytes=100_000)
    with within(1_000_000):
        told = fails(source, DeliveryBroken)
    assert "100000 bytes" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "megabyte"),
    [
        ("postgresql", "repeat('x', 1000000)"),
        ("mariadb", "repeat('x', 1000000)"),
        ("sqlite", "hex(zeroblob(500000))"),
    ],
)
def test_a_page_of_a_gigabyte_is_cut_by_the_server(
    name: str, megabyte: str, declare: Declare, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(name)
    server.fill(lines(1000))
    replaced(server, megabyte)
    changes = {"page_size": 1000, "attempts": 1, "timeout_seconds": 120}
    source, sizes = reads(server, declare, **changes, max_page_bytes=5_000_000), list[int]()

    def land(content: bytes) -> str:
        sizes.append(len(content))
        raise OSError("one page is enough")

    with within(32_000_000), pytest.raises(OSError, match="one page is enough"):
        collect(source, "dossier", NIGHT, "", land)
    assert 4_000_000 < sizes[0] <= 5_000_000


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
