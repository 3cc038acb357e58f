"""PostgreSQL by psycopg. Cells are sent as the server's own text, which says ``infinity`` and the
year 10000 where Python's times cannot."""

from __future__ import annotations

import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NullType

from catalog.errors import SchemaDrift, SourceError, SourceRefused, SourceThrottled
from catalog.sources import Source

MEANINGS: dict[str, type[SourceError]] = {
    "28000": SourceRefused,
    "28P01": SourceRefused,
    "3D000": SourceRefused,
    "42501": SourceRefused,
    "53300": SourceThrottled,
    "3F000": SchemaDrift,
    "42P01": SchemaDrift,
    "42703": SchemaDrift,
}
TOLD = {
    "authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    "pg_hba.conf rejects": "28000",
    "is not permitted to log in": "28000",
    "permission denied for database": "42501",
    "too many connections": "53300",
    "too many clients": "53300",
    "connection slots are reserved": "53300",
}
"""The driver knows no code for a connection that the server turned down, only the server's words,
which are English unless it was told otherwise."""
NOT_THERE = {'role "': "28000", 'database "': "3D000"}


def address(url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
    seconds = math.ceil(source.timeout_seconds)
    silent = {"keepalives_idle": seconds, "keepalives_interval": 10, "keepalives_count": 3}
    silent["tcp_user_timeout"] = 1000 * seconds
    ours = {"application_name": "motcua", "client_encoding": "UTF8"}
    return url, {"connect_timeout": max(2, seconds), **ours, **silent}


def begin(connection: sa.Connection, source: Source) -> None:
    milliseconds = math.ceil(1000 * source.timeout_seconds)
    for statement in (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        f"SET LOCAL statement_timeout = {milliseconds}",
        "SET LOCAL TIME ZONE 'Asia/Ho_Chi_Minh'",
        "SET LOCAL DateStyle = 'ISO'",
    ):
        connection.exec_driver_sql(statement)
    if connection.exec_driver_sql("SHOW server_encoding").scalar() == "SQL_ASCII":
        # Such a server lets any bytes pass as text: psycopg then hands them over as bytes.
        connection.exec_driver_sql("SET client_encoding = 'SQL_ASCII'")


def moment(text: str) -> sa.ColumnElement[Any]:
    """Untyped: the server reads it as the type of the column that it is compared with."""
    return sa.literal(text, NullType())


def size(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.octet_length(sa.cast(column, sa.Text))


def cell(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(column, sa.Text)


def code(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None)
    if state:
        return str(state)
    told = str(error)
    absent = NOT_THERE if "does not exist" in told else {}
    return next((code for words, code in (TOLD | absent).items() if words in told), "")
