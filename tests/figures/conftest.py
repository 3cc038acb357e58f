"""A warehouse with nothing in it, on a PostgreSQL of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.postgres import embedded_url, stop_embedded
from warehouse.postgres import Warehouse


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with tempfile.TemporaryDirectory() as folder:
        made = Warehouse(embedded_url(Path(folder)))
        made.migrate()
        yield made
        assert stop_embedded(Path(folder))
