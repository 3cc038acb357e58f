"""The database servers that `sql_view` reads from: one module here for each, found by its file
name, which is the first word of the address (``postgresql+psycopg://...``)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from catalog.errors import DeclarationError, SourceError
from catalog.settings import settings
from catalog.sources import Source


class Database(Protocol):
    """What a module in this folder offers."""

    MEANINGS: Mapping[str, type[SourceError]]
    """What the server's own error codes mean; one that is not here is told by its class."""

    def address(self, url: sa.URL, source: Source) -> tuple[sa.URL, dict[str, Any]]:
        """Where to connect, and the driver's options: its time limits."""

    def begin(self, connection: sa.Connection, source: Source) -> None:
        """Begin a transaction that only reads, with one snapshot where the server has them, local
        time and `source.timeout_seconds` for each statement."""

    def moment(self, text: str) -> sa.ColumnElement[Any]:
        """A time, ISO and local or as a cell of this server was read, to compare with."""

    def size(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The length of any cell, in bytes or characters; NULL for NULL."""

    def cell(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The cell as it is to be sent to us, so that the driver loses none of it."""

    def code(self, error: BaseException) -> str:
        """The server's code of an error of the driver, or empty. Never its message."""


def url_of(source: Source) -> sa.URL:
    """The address with user and password. Raises DeclarationError for none that could be."""
    file = f"{source.source_id}.yml"
    try:
        url = sa.make_url(source.base_url)
    except ArgumentError:
        raise DeclarationError(file, "url is no SQLAlchemy address") from None
    if url.get_backend_name() not in names():
        raise DeclarationError(file, f"url must begin with one of {', '.join(names())}")
    if url.password is not None or {"password", "passwd"} & set(url.query):
        raise DeclarationError(file, "url holds a password: name a secret")
    if url.get_backend_name() == "sqlite":
        return url
    password = settings().secret(source.secret) if source.secret else None
    user = source.user or url.username or source.source_id
    return url.set(username=user, password=password)


def names() -> tuple[str, ...]:
    """Every server's name."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(name for name in found if name != "__init__")


def database(url: sa.URL) -> Database:
    """The module of the server at `url`."""
    return cast(Database, import_module(f"{__name__}.{url.get_backend_name()}"))
