"""A real PostgreSQL for the tests of the warehouse."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from stack.postgres import embedded_url, stop_embedded
from warehouse.postgres import Warehouse
from warehouse.tables import metadata


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a migrated database on a server of its own, in a folder that no other test
    session closes to the server's user."""
    with tempfile.TemporaryDirectory() as folder:
        url = embedded_url(Path(folder))
        Warehouse(url).migrate()
        yield url
        assert stop_embedded(Path(folder))


@pytest.fixture
def warehouse(server: str) -> Warehouse:
    """A warehouse with nothing in it."""
    empty = Warehouse(server)
    with empty.engine.begin() as connection:
        tables = ", ".join(str(table) for table in metadata.tables.values())
        connection.execute(sa.text(f"TRUNCATE {tables}"))
    return empty
