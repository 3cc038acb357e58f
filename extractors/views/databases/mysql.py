"""MySQL 8, and MariaDB 10.2 or later, by PyMySQL without its converters: a cell stays the server's
own text, so that the day 0000-00-00 arrives as it is."""

from __future__ import annotations

import math
from typing import Any

import sqlalchemy as sa
from pymysql.converters import encoders
from sqlalchemy.types import NullType

from catalog.errors import SchemaDrift, SourceError, SourceRefused, SourceThrottled
from catalog.sources import Source

MEANINGS: dict[str, type[SourceError]] = {
    **dict.fromkeys(["1044", "1045", "1049", "1142", "1143", "1227", "1698"], SourceRefused),
    **dict.fromkeys(["1040", "1203", "1226"], SourceThrottled),
    **dict.fromkeys(["1054", "1146", "1356"], SchemaDrift),
}
WHOLE_NUMBERS = (1, 2, 3, 8, 9)
"""The protocol's types tiny, short, long, longlong and int24: compared with a text, a key of these
would be compared as a floating-point number."""


def address(url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
    seconds = math.ceil(source.timeout_seconds)
    silent = {"connect_timeout": seconds, "read_timeout": 2 * seconds, "write_timeout": seconds}
    converters = encoders | dict.fromkeys(WHOLE_NUMBERS, int)
    return url, {"charset": "utf8mb4", "conv": converters, **silent}


def begin(connection: sa.Connection, source: Source) -> None:
    for statement in (
        f"SET SESSION {_time_limit(connection, source.timeout_seconds)}",
        "SET SESSION time_zone = '+07:00'",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ):
        connection.exec_driver_sql(statement)


def _time_limit(connection: sa.Connection, seconds: float) -> str:
    """MariaDB answers to either address, and limits the time of a statement in its own way."""
    dialect: Any = connection.dialect
    if dialect.is_mariadb:
        return f"max_statement_time = {seconds:f}"
    return f"max_execution_time = {math.ceil(1000 * seconds)}"


def moment(text: str) -> sa.ColumnElement[Any]:
    return sa.literal(text, NullType())


def size(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.length(column)


def cell(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column


def code(error: BaseException) -> str:
    number = error.args[0] if error.args else ""
    return str(number) if isinstance(number, int) else ""
