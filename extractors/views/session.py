"""A connection to the database of a source: opened when needed, dropped after an error, each
failure as a SourceError that holds no value and not the driver's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool

from catalog.errors import DeclarationError, DeliveryBroken, SourceError, SourceUnavailable
from catalog.sources import Source
from extractors.views.databases import database, url_of
from extractors.web import Pace


class ViewSession:
    """Sends statements at the source's pace, all in one transaction as long as it lasts.
    `address` is for the manifest: without user, password and options."""

    def __init__(self, source: Source) -> None:
        url = url_of(source)
        self.database = database(url)
        self.address = _address(url)
        self._source = source
        self._engine = _engine(source, *self.database.address(url, source))
        self._pace = Pace(source.requests_per_second)
        self._connection: sa.Connection | None = None

    def columns(self, view: sa.FromClause) -> list[str]:
        """The names of the view's columns, in its order."""
        with self._open() as connection:
            probe = sa.select(sa.text("*")).select_from(view).where(sa.false())
            return list(connection.execute(probe).keys())

    def rows(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        """All rows of `statement`."""
        with self._open() as connection:
            return list(connection.execute(statement).all())

    def close(self) -> None:
        """End the transaction and the connection, dead or alive."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    @contextmanager
    def _open(self) -> Iterator[sa.Connection]:
        self._pace()
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
                self.database.begin(self._connection, self._source)
            yield self._connection
        except DBAPIError as error:
            self.close()
            raise self._told(error) from None
        except UnicodeDecodeError:
            self.close()
            problem = "the view holds text that is not in the connection's encoding"
            raise DeliveryBroken(self._source.source_id, problem) from None
        except SQLAlchemyError as error:
            self.close()
            problem = f"the database cannot be read ({type(error).__name__})"
            raise DeliveryBroken(self._source.source_id, problem) from None

    def _told(self, error: DBAPIError) -> SourceError:
        cause = error.orig or error
        code = self.database.code(cause)
        lost = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
        usual = SourceUnavailable if lost else DeliveryBroken
        kind = self.database.MEANINGS.get(code, usual)
        problem = f"the database answered {type(cause).__name__} {code}".rstrip()
        return kind(self._source.source_id, problem)


def _engine(source: Source, url: sa.URL, options: dict[str, Any]) -> sa.Engine:
    try:
        return sa.create_engine(url, connect_args=options, poolclass=NullPool, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError):
        problem = f"the driver of {url.drivername} is not installed"
        raise DeclarationError(f"{source.source_id}.yml", problem) from None


def _address(url: sa.URL) -> str:
    bare = sa.URL.create(url.drivername, host=url.host, port=url.port, database=url.database)
    return bare.render_as_string()
