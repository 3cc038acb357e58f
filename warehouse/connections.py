"""Transactions in Postgres whose errors name the rule that refused, never the row.

Postgres puts the refused values into its messages, so those are not passed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import adbc_driver_manager
import psycopg
import sqlalchemy as sa
from adbc_driver_manager.dbapi import Cursor
from adbc_driver_postgresql import dbapi
from sqlalchemy.exc import DBAPIError

from catalog.errors import LakeError, PublicationError


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction, committed at the end. Raises LakeError where Postgres refuses."""
    with _telling(), engine.begin() as connection:
        yield connection


@contextmanager
def held(engine: sa.Engine, name: str) -> Iterator[None]:
    """The lock of that name, which one session of the database has at a time; waits for it. It is
    let go at the end, also where the process dies. Raises LakeError where Postgres refuses."""
    key = sa.func.hashtextextended(name, 0)
    lone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with _telling(), lone.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(key)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))


@contextmanager
def arrow_transaction(url: sa.URL) -> Iterator[Cursor]:
    """One transaction that takes Arrow tables, committed at the end.

    Raises PublicationError where Postgres refuses.
    """
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            yield cursor
            connection.commit()
    except adbc_driver_manager.Error as error:
        state = f"{type(error).__name__} {error.sqlstate or ''}".strip()
        raise PublicationError(f"Postgres refused: {state}") from None


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise LakeError(f"Postgres refused: {_refusal(error.orig)}") from None


def _refusal(error: BaseException | None) -> str:
    if not isinstance(error, psycopg.Error):
        return type(error).__name__
    where = (error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return " ".join([type(error).__name__, *filter(None, where)])
