"""Views on PostgreSQL, MariaDB and SQLite, and sources that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.sources import Source
from extractors import Delivery, read
from tests.extractors.conftest import Declare, Shelf, run
from tests.extractors.sql_view import servers
from tests.extractors.sql_view.servers import Line, MariaDB, PostgreSQL, Server, SQLite

Reader = Callable[..., Source]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with servers.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    with servers.mariadb() as server:
        yield server


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SQLite]:
    address = f"sqlite:///{tmp_path}/views.db"
    server = SQLite(address, address)
    yield server
    server.engine.dispose()


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def database(request: pytest.FixtureRequest) -> Server:
    """Each of the three in turn."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["postgresql", "mariadb"])
def networked(request: pytest.FixtureRequest) -> Server:
    """Each that has users and connections."""
    found: Server = request.getfixturevalue(request.param)
    return found


def lines(count: int, day: str = "2026-11-20") -> list[Line]:
    """So many changes, a minute apart."""
    return [(f"MA-{n:04}", f"{day}T{n // 60:02}:{n % 60:02}:00", "moi") for n in range(count)]


def reads(server: Server, declare: Declare, **changes: Any) -> Source:
    """A source that reads the view of `server`, three rows a page."""
    return declare(**{**server.declared, **changes})


def read_all(
    source: Source, cursor: str = "", record: str = "dossier"
) -> tuple[Delivery, Shelf, Rows]:
    delivery, shelf = run(source, cursor, record)
    return delivery, shelf, [row for page in shelf.pages for row in read(source, record, page)]


def keys(source: Source, cursor: str = "") -> list[str]:
    return [row["record_key"] for row in read_all(source, cursor)[2]]


def replaced(server: Server, select: str) -> None:
    """The view with another third column."""
    view, table = server.named("motcua_dossier"), server.named("thay_doi")
    server.run(
        f"DROP VIEW {view}",
        f"CREATE VIEW {view} AS SELECT record_key, updated_at, {select} AS trang_thai FROM {table}",
    )
    server.open_to_the_user()
