"""A source's view, read night by night from real servers."""

from __future__ import annotations

import datetime as dt
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import DeclarationError, DeliveryBroken, SchemaDrift
from catalog.sources import Source
from extractors import collect, read
from tests.extractors.conftest import NIGHT, SECRET, Declare, Shelf, fails, run
from tests.extractors.sql_view.conftest import keys, lines, read_all, reads
from tests.extractors.sql_view.servers import USER, MariaDB, PostgreSQL, Server, SQLite


def test_all_changes_arrive_once_and_in_order(database: Server, declare: Declare) -> None:
    database.fill(lines(7)[::-1])
    source = reads(database, declare)
    delivery, shelf, rows = read_all(source)
    assert [row["record_key"] for row in rows] == [f"MA-{n:04}" for n in range(7)]
    assert rows[0].keys() == {"record_key", "updated_at", "trang_thai"}
    assert dt.datetime.fromisoformat(rows[1]["updated_at"]) == dt.datetime(2026, 11, 20, 0, 1)
    assert [page.rows for page in delivery.landed] == [3, 3, 1]
    assert (delivery.attempts, delivery.cursor_after) == (3, "2026-11-23T00:00:00")
    assert run(source)[1].pages == shelf.pages


def test_the_manifest_names_the_view_and_the_span_but_no_user_and_no_secret(
    database: Server, declare: Declare
) -> None:
    database.fill(lines(4))
    request = run(reads(database, declare))[0].landed[1].request
    assert request.endswith(
        "motcua_dossier?since=2026-08-25T00:00:00&until=2026-11-23T00:00:00&page=2"
    )
    assert request.startswith(f"{database.name}")
    assert USER not in request
    assert SECRET not in request
    assert "MA-" not in request


def test_an_empty_view_is_one_empty_page_that_moves_the_cursor(
    database: Server, declare: Declare
) -> None:
    database.fill([])
    delivery, _, rows = read_all(reads(database, declare), cursor="2026-11-22T00:00:00")
    assert (delivery.pages, rows, delivery.cursor_after) == (1, [], "2026-11-23T00:00:00")


def test_a_night_takes_what_lies_behind_the_cursor_by_the_look_back_and_before_the_cutoff(
    database: Server, declare: Declare
) -> None:
    moments = [
        "2026-11-21T23:29:59",
        "2026-11-21T23:30:00",
        "2026-11-22T23:59:59",
        "2026-11-23T00:00:00",
    ]
    database.fill([(f"MA-{n}", at, "moi") for n, at in enumerate(moments)])
    source = reads(database, declare, look_back=30)
    assert keys(source, cursor="2026-11-22T00:00:00") == ["MA-1", "MA-2"]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_equal_times_lose_nothing_at_the_end_of_a_page(
    database: Server, declare: Declare, size: int
) -> None:
    at = "2026-11-20T08:00:00"
    database.fill([(f"MA-{n}", at, "moi") for n in range(9)])
    assert keys(reads(database, declare, page_size=size)) == [f"MA-{n}" for n in range(9)]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_rows_of_equal_time_and_key_stay_on_one_page(
    database: Server, declare: Declare, size: int
) -> None:
    at = "2026-11-20T08:00:00"
    database.fill([(f"MA-{n // 2}", at, f"{n}") for n in range(8)])
    rows = read_all(reads(database, declare, page_size=size))[2]
    assert sorted(row["trang_thai"] for row in rows) == [f"{n}" for n in range(8)]


def test_more_rows_of_equal_time_and_key_than_a_page_holds_are_a_broken_delivery(
    database: Server, declare: Declare
) -> None:
    database.fill([("MA-1", "2026-11-20T08:00:00", "moi")] * 4)
    assert "the rows of equal time and key" in fails(reads(database, declare), DeliveryBroken)


def test_keys_that_the_server_takes_for_one_are_not_lost(
    mariadb: MariaDB, declare: Declare
) -> None:
    at = "2026-11-20T08:00:00"
    mariadb.fill([(key, at, "moi") for key in ("AB", "ab", "áb", "B", "b")])
    assert sorted(keys(reads(mariadb, declare))) == sorted(["AB", "ab", "áb", "B", "b"])


def test_whole_numbers_are_keys_too_beyond_what_a_float_can_tell_apart(
    database: Server, declare: Declare
) -> None:
    first = 2**60
    database.fill([(first + n, "2026-11-20T08:00:00", "moi") for n in range(7)], key="bigint")
    assert keys(reads(database, declare, page_size=2)) == [str(first + n) for n in range(7)]


@pytest.mark.parametrize("zone", ["timestamptz(6)"])
def test_a_time_with_a_zone_is_compared_as_the_instant_it_is(
    postgresql: PostgreSQL, declare: Declare, zone: str
) -> None:
    moments = ["2026-11-21 16:59:59+00", "2026-11-21 17:00:00+00", "2026-11-22 16:59:59.9+00"]
    postgresql.fill([(f"MA-{n}", at, "moi") for n, at in enumerate(moments)], time=zone)
    rows = read_all(reads(postgresql, declare, look_back=0), cursor="2026-11-22T00:00:00")[2]
    assert [row["updated_at"] for row in rows] == [
        "2026-11-22 00:00:00+07",
        "2026-11-22 23:59:59.9+07",
    ]


def test_a_timestamp_of_mariadb_is_read_in_local_time(mariadb: MariaDB, declare: Declare) -> None:
    mariadb.fill([], time="timestamp(6)")
    mariadb.run(
        "SET time_zone = '+00:00'",
        "INSERT INTO kho.thay_doi VALUES ('MA-1', '2026-11-21 17:00:00', 'moi')",
    )
    rows = read_all(reads(mariadb, declare, look_back=0), cursor="2026-11-22T00:00:00")[2]
    assert [row["updated_at"] for row in rows] == ["2026-11-22 00:00:00.000000"]


def test_mariadb_is_read_at_an_address_of_mysql_too(mariadb: MariaDB, declare: Declare) -> None:
    mariadb.fill(lines(4))
    url = mariadb.address.replace("mariadb+", "mysql+")
    assert len(keys(reads(mariadb, declare, url=url))) == 4


def test_all_pages_see_one_snapshot(networked: Server, declare: Declare) -> None:
    networked.fill(lines(7))
    source, shelf = reads(networked, declare), Shelf()

    def land(content: bytes) -> str:
        networked.add([(f"MOI-{len(shelf.pages)}", "2026-11-20T00:05:30", "moi")])
        return shelf.land(content)

    assert collect(source, "dossier", NIGHT, "", land).rows == 7
    assert collect(source, "dossier", NIGHT, "", shelf.land).rows == 10


@pytest.mark.parametrize("kills", [1, 2])
def test_a_killed_connection_is_resumed_with_the_page_after_the_last(
    networked: Server, declare: Declare, kills: int
) -> None:
    networked.fill(lines(10))
    source, shelf, left = reads(networked, declare), Shelf(), [1] * kills

    def land(content: bytes) -> str:
        if left:
            assert networked.cut_off() == left.pop()
        return shelf.land(content)

    delivery = collect(source, "dossier", NIGHT, "", land)
    found = [row["record_key"] for page in shelf.pages for row in read(source, "dossier", page)]
    assert found == [f"MA-{n:04}" for n in range(10)]
    assert delivery.attempts == delivery.pages + kills


@pytest.mark.parametrize("missing", ["updated_at", "record_key"])
def test_a_view_without_a_column_of_the_contract_names_it(
    database: Server, declare: Declare, missing: str
) -> None:
    database.fill(lines(1))
    view, table = database.named("motcua_dossier"), database.named("thay_doi")
    kept = "record_key" if missing == "updated_at" else "updated_at"
    database.run(f"DROP VIEW {view}", f"CREATE VIEW {view} AS SELECT {kept} FROM {table}")
    database.open_to_the_user()
    assert fails(reads(database, declare), SchemaDrift).endswith(f"has no column {missing}")


def test_rows_without_key_or_time_come_on_a_page_of_their_own(
    database: Server, declare: Declare
) -> None:
    database.fill([*lines(3), (None, "2026-11-20T08:00:00", "khong khoa"), ("MA-9", None, "khong")])
    delivery, _, rows = read_all(reads(database, declare))
    assert [page.rows for page in delivery.landed] == [3, 2]
    assert {row["trang_thai"] for row in rows} == {"moi", "khong khoa", "khong"}


def test_more_of_them_than_a_page_holds_are_a_broken_delivery(
    database: Server, declare: Declare
) -> None:
    database.fill([(f"MA-{n}", None, "moi") for n in range(4)])
    assert "more rows without key or time" in fails(reads(database, declare), DeliveryBroken)


def test_the_keys_of_a_month_are_those_received_in_it(database: Server, declare: Declare) -> None:
    moments = [
        "2026-09-30T23:59:59",
        "2026-10-01T00:00:00",
        "2026-10-31T23:59:59",
        "2026-11-01T00:00:00",
    ]
    database.fill([(f"MA-{n}", at, "moi") for n, at in enumerate(moments)])
    table, view = database.named("thay_doi"), database.named("motcua_dossier_key")
    database.run(
        f"DROP VIEW IF EXISTS {view}",
        f"CREATE VIEW {view} AS SELECT record_key, updated_at, updated_at AS received_at"
        f" FROM {table}",
    )
    if database.schema:
        database.run(f"GRANT SELECT ON {view} TO {USER}")
    source = reads(database, declare, views={"dossier_key": view})
    delivery, _, rows = read_all(source, "2026-10", "dossier_key")
    assert [row["record_key"] for row in rows] == ["MA-1", "MA-2"]
    assert delivery.cursor_after == "2026-10"
    with pytest.raises(DeclarationError):
        run(source, "2026-11-22T00:00:00", "dossier_key")


Minutes = st.lists(st.tuples(st.sampled_from("abAB"), st.integers(0, 3)), max_size=24)


@given(changes=Minutes, size=st.integers(1, 6))
def test_every_row_comes_exactly_once_or_the_delivery_breaks(
    changes: list[tuple[str, int]], size: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/views.db"
        database = SQLite(address, address)
        database.fill([(k, f"2026-11-20T08:0{m}:00", f"{n}") for n, (k, m) in enumerate(changes)])
        database.engine.dispose()
        source = Source.model_validate(
            {**database.declared, "source_id": "thu", "name_vi": "Thử", "area": "X-TEST"}
            | {"starts_on": "2026-01-01", "legal_basis": "không có", "page_size": size}
        )
        groups = [(k.casefold(), m) for k, m in changes]
        try:
            rows = read_all(source)[2]
        except DeliveryBroken:
            assert max(map(groups.count, groups)) > size
        else:
            assert sorted(int(row["trang_thai"]) for row in rows) == list(range(len(changes)))
