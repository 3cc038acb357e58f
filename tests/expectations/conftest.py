"""Conformed tables made of the few columns that a test is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from catalog.records import records
from catalog.sources import Source

Rows = Sequence[dict[str, Any]]


def conformed(kind: str, rows: Rows) -> pa.Table:
    """A table with every column of the record, also those that the rows leave out."""
    fields = records()[kind].columns.items()
    return pa.Table.from_pylist(list(rows), pa.schema([(n, f.arrow) for n, f in fields]))


@pytest.fixture(scope="session")
def conform() -> Callable[[str, Rows], pa.Table]:
    return conformed


@pytest.fixture(scope="session")
def source() -> Callable[..., Source]:
    def make(**changes: Any) -> Source:
        content = {
            "source_id": "thi_du",
            "name_vi": "Nguồn thí dụ",
            "area": "H26",
            "platform": "lgsp_json",
            "starts_on": "2025-07-01",
            "legal_basis": "none",
            "volume": {"dossier": {"floor": 50, "ceiling": 900}},
        }
        return Source.model_validate({**content, **changes})

    return make
