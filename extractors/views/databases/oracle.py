"""Oracle 12.2 and later by python-oracledb (the extra ``oracle``), without a client library.

A transaction that only reads has one snapshot there. `updated_at` is a DATE or TIMESTAMP in local
time: the driver leaves the zone out of a time that has one. For a server that takes the connection
and then says nothing the driver waits without end (oracle/python-oracledb#451): the time limit of
the night's task is the only one there.
"""

from __future__ import annotations

import math
from typing import Any

import sqlalchemy as sa

from catalog.errors import SchemaDrift, SourceError, SourceRefused, SourceThrottled
from catalog.sources import Source

MEANINGS: dict[str, type[SourceError]] = {
    **dict.fromkeys(
        ["ORA-01017", "ORA-01031", "ORA-01045", "ORA-28000", "ORA-28001"], SourceRefused
    ),
    **dict.fromkeys(
        ["ORA-00018", "ORA-00020", "ORA-02391", "ORA-12516", "ORA-12519", "ORA-12520"],
        SourceThrottled,
    ),
    **dict.fromkeys(["ORA-00904", "ORA-00942", "ORA-04063"], SchemaDrift),
}
FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.FF6'


def address(url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
    return url, {"tcp_connect_timeout": source.timeout_seconds}


def begin(connection: sa.Connection, source: Source) -> None:
    driver: Any = connection.connection.dbapi_connection
    driver.call_timeout = math.ceil(1000 * source.timeout_seconds)
    connection.exec_driver_sql("ALTER SESSION SET TIME_ZONE = '+07:00'")
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def moment(text: str) -> sa.ColumnElement[Any]:
    fraction = "" if "." in text else ".000000"
    return sa.func.to_timestamp(text + fraction, sa.literal_column(f"'{FORMAT}'"))


def size(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.length(column)


def cell(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column


def code(error: BaseException) -> str:
    return str(getattr(error.args[0], "full_code", "")) if error.args else ""
