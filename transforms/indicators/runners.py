"""What runs the counting queries: an engine, and how to give it tables and ask it."""

from __future__ import annotations

from typing import Protocol

import duckdb
import pyarrow as pa

from transforms.indicators.statement import DUCKDB, Engine


class Runner(Protocol):
    """One open connection to an engine."""

    engine: Engine

    def give(self, name: str, table: pa.Table) -> str:
        """Makes `table` known as `name`, which is returned."""

    def keep(self, name: str, relation: str) -> str:
        """Has `relation` worked out once, known as `name`, which is returned."""

    def ask(self, query: str) -> pa.Table:
        """The answer to a query."""


class DuckDBRunner:
    """Runs them in DuckDB."""

    engine = DUCKDB

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def give(self, name: str, table: pa.Table) -> str:
        self.connection.register(name, table)
        return name

    def keep(self, name: str, relation: str) -> str:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {relation}")
        return name

    def ask(self, query: str) -> pa.Table:
        return self.connection.sql(query).to_arrow_table()
