"""SQLite, for the demonstration: times are ISO text, ``2026-11-22T08:30:00``. There is no user, no
password and no limit on a statement's time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from catalog.errors import SchemaDrift, SourceError
from catalog.sources import Source

MEANINGS: dict[str, type[SourceError]] = {
    "no such table": SchemaDrift,
    "no such column": SchemaDrift,
}


def address(url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
    """The file by an address of SQLite's own, which alone can say that it is only read."""
    read_only = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    return read_only, {"timeout": source.timeout_seconds}


def begin(connection: sa.Connection, source: Source) -> None:
    # Text arrives as bytes: the driver would give up on a text that is not UTF-8.
    driver: Any = connection.connection.dbapi_connection
    driver.text_factory = bytes
    connection.exec_driver_sql("BEGIN")


def moment(text: str) -> sa.ColumnElement[Any]:
    return sa.literal(text)


def size(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.length(sa.cast(column, sa.LargeBinary))


def cell(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column


def code(error: BaseException) -> str:
    """The words before the colon, where they are among those that we know: there is no number."""
    words = str(error).partition(":")[0]
    return words if words in MEANINGS else ""
