"""SQL Server 2016 and later by pymssql (the extra ``sqlserver``).

It has no transaction that only reads: the account must have no right but SELECT. Each page is a
snapshot of its own. `updated_at` is a datetime2 in local time: a datetimeoffset
would be compared as UTC and is refused.
"""

from __future__ import annotations

import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mssql import DATETIME2

from catalog.errors import SchemaDrift, SourceError, SourceRefused, SourceThrottled
from catalog.sources import Source

MEANINGS: dict[str, type[SourceError]] = {
    **dict.fromkeys(["229", "230", "916", "4060", "18456"], SourceRefused),
    **dict.fromkeys(["10928", "10929", "17809"], SourceThrottled),
    **dict.fromkeys(["207", "208"], SchemaDrift),
}


def address(url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
    seconds = math.ceil(source.timeout_seconds)
    return url, {"login_timeout": seconds, "timeout": seconds, "read_only": True}


def begin(connection: sa.Connection, source: Source) -> None:
    milliseconds = math.ceil(1000 * source.timeout_seconds)
    connection.exec_driver_sql(f"SET LOCK_TIMEOUT {milliseconds}")


def moment(text: str) -> sa.ColumnElement[Any]:
    """As text of its own type: the driver would cut a time off at the millisecond."""
    return sa.cast(sa.literal(text), DATETIME2(7))  # type: ignore[no-untyped-call]


def size(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.datalength(column)


def cell(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column


def code(error: BaseException) -> str:
    number = error.args[0] if error.args else ""
    number = number[0] if isinstance(number, tuple) and number else number
    return str(number) if isinstance(number, int) else ""
