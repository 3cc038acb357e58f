"""The statements in the words of servers that no test can start: what their dialects make of them.

What the drivers themselves accept shows where nobody answers (test_refusals.py)."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.errors import SchemaDrift, SourceRefused, SourceThrottled
from catalog.sources import Source
from extractors.views.databases import Database
from extractors.views.page import Cutter
from extractors.views.statement import Place, Span, ViewStatement
from tests.extractors.conftest import Declare

SPAN = Span("updated_at", dt.datetime(2026, 11, 1), dt.datetime(2026, 11, 23))
AFTER = Place("2026-11-20 08:00:00.1234567", "MA-1")


def module(name: str) -> Database:
    found: Any = import_module(f"extractors.views.databases.{name}")
    return found


def compiled(name: str, driver: str) -> tuple[str, dict[str, Any]]:
    """The statement for the page after AFTER, on one line, and its parameters."""
    pytest.importorskip(driver)
    database = module(name)
    columns = ["record_key", "updated_at", "kenh"]
    statement = ViewStatement(database, "kho.motcua_dossier", columns, SPAN, 1000, 64_000_000)
    dialect = sa.create_engine(f"{name}+{driver}://127.0.0.1/x").dialect
    made = statement.page(AFTER).compile(
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    return " ".join(str(made).split()), dict(made.params)


def test_oracle_takes_times_by_their_format_and_the_first_rows_by_fetch() -> None:
    sql, values = compiled("oracle", "oracledb")
    moment = "to_timestamp(:to_timestamp_{}, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF6')"
    first, second, third = (moment.format(n) for n in (1, 2, 3))
    assert (
        f"WHERE updated_at >= {first} AND updated_at < {second} AND record_key IS NOT NULL"
        f" AND (updated_at > {third} OR record_key > :param_1) ORDER BY updated_at, record_key"
        " FETCH FIRST 1001 ROWS ONLY"
    ) in sql
    assert values["to_timestamp_2"] == "2026-11-23T00:00:00.000000"
    assert "LIMIT" not in sql


def test_sql_server_takes_times_as_datetime2_and_the_first_rows_by_top() -> None:
    sql, values = compiled("mssql", "pymssql")
    moment = "CAST(%({})s AS DATETIME2(7))"
    first, second, third = (moment.format(f"param_{n}") for n in (2, 3, 4))
    assert "FROM (SELECT TOP 1001 record_key, updated_at, kenh" in sql
    assert f"WHERE updated_at >= {first} AND updated_at < {second}" in sql
    assert f"AND (updated_at > {third} OR record_key > %(param_5)s) ORDER BY" in sql
    assert values["param_2"] == values["param_4"] == "2026-11-20 08:00:00.1234567"
    assert values["param_3"] == "2026-11-23T00:00:00"


@pytest.mark.parametrize(("name", "driver"), [("oracle", "oracledb"), ("mssql", "pymssql")])
def test_neither_has_row_values_and_both_add_up_the_sizes(name: str, driver: str) -> None:
    sql, _ = compiled(name, driver)
    assert "(updated_at, record_key)" not in sql
    assert "OVER (ORDER BY p.updated_at, p.record_key ROWS BETWEEN UNBOUNDED PRECEDING" in sql
    assert "CASE WHEN (q.motcua_so_far <= 64000000) THEN q.kenh END AS kenh" in sql


class Told:
    """As python-oracledb describes an error."""

    def __init__(self, full_code: str) -> None:
        self.full_code = full_code


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [
        ("oracle", Told("ORA-01017"), SourceRefused),
        ("oracle", Told("ORA-00942"), SchemaDrift),
        ("oracle", Told("ORA-12516"), SourceThrottled),
        ("mssql", 229, SourceRefused),
        ("mssql", (18456, b"Login failed"), SourceRefused),
        ("mssql", 208, SchemaDrift),
        ("mysql", 1040, SourceThrottled),
    ],
)
def test_the_codes_of_each_server_are_understood(name: str, words: Any, kind: type) -> None:
    database = module(name)
    assert database.MEANINGS[database.code(Exception(words))] is kind


@pytest.mark.parametrize("name", ["oracle", "mssql", "mysql", "postgresql", "sqlite"])
def test_an_error_without_a_code_has_none(name: str) -> None:
    database = module(name)
    assert database.code(Exception()) == database.code(Exception("nothing known")) == ""


@pytest.fixture
def source(declare: Declare) -> Source:
    return declare(platform="sql_view")


def test_a_time_with_a_zone_that_would_be_compared_as_utc_is_drift(source: Source) -> None:
    at = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    given: Any = ("MA-1", 20, at, "MA-1")
    with pytest.raises(SchemaDrift, match="times with a zone"):
        Cutter(source, ["record_key"]).cut([given], None)
