"""Versions as short tuples, and the Parquet files that hold them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.night import Night
from catalog.records import Field, Record, records
from warehouse.lake import Lake

FIRST = dt.date(2026, 11, 1)
EPOCH = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


class V:
    """placeholder"""
