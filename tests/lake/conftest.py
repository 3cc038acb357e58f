"""Ratings as test rows: the shortest record kind, with a first-seen column added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import Field, Record, records
from warehouse.lake import Lake

FIRST_RATED = Field(
    type="timestamp", first_seen="rated_at", name_vi="Lần đầu", about="First rating time."
)


@pytest.fixture(scope="session")
def rating() -> Record:
    kind = records()["rating"]
    fields = {**kind.fields, "first_rated_at": FIRST_RATED}
    fields["rated_at"] = fields["rated_at"].model_copy(update={"required": False})
    return kind.model_copy(update={"fields": fields})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", "200MB")
