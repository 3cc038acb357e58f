"""How a column is declared here: type, whether it may be missing, and its comment."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

SCHEMAS = ("ops", "record", "mart")
metadata = sa.MetaData(
    naming_convention={"ck": "%(table_name)s_%(constraint_name)s", "pk": "%(table_name)s_key"}
)


def text(name: str, about: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, sa.Text(), nullable=null, primary_key=key, comment=about)


def date(name: str, about: str, *, null: bool = False) -> Column[Any]:
    return Column(name, sa.Date(), nullable=null, comment=about)


def integer(
    name: str, about: str, *, null: bool = False, key: bool = False, big: bool = False
) -> Column[Any]:
    size = sa.BigInteger() if big else sa.Integer()
    return Column(name, size, nullable=null, primary_key=key, comment=about)
