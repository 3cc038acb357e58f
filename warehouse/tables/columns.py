"""How a column is declared here: type, whether it may be missing, and its comment."""

from __future__ import annotations

from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy import Column

ABOUT_SCHEMAS = {
    "ops": "Các đêm đã chạy ra sao. How the nights went: the ledger, the rejects, the quarantine.",
    "record": "Bản ghi hiện hành. The records as their sources last stated them.",
    "mart": "Số liệu công bố. What is published: figures, and the lists that explain their codes.",
}
SCHEMAS = tuple(ABOUT_SCHEMAS)
metadata = sa.MetaData(
    naming_convention={"ck": "%(table_name)s_%(constraint_name)s", "pk": "%(table_name)s_key"}
)

EVERYBODY = {"own": "true"}
"""`info` of a list that says nothing of any area: whoever may read anything reads it whole."""


def area_is_own(column: str) -> str:
    """SQL: whether the area or unit that `column` names is one the reader may see. An area is seen
    where its row of ``mart.area`` is; PostgreSQL asks for those once a query."""
    return f"split_part({column}, '.', 1) = ANY (ARRAY(SELECT code FROM mart.area))"


def text(name: str, about: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    return Column(name, sa.Text(), nullable=null, primary_key=key, comment=about)


def date(name: str, about: str, *, null: bool = False) -> Column[Any]:
    return Column(name, sa.Date(), nullable=null, comment=about)


def integer(
    name: str, about: str, *, null: bool = False, key: bool = False, big: bool = False
) -> Column[Any]:
    size = sa.BigInteger() if big else sa.Integer()
    return Column(name, size, nullable=null, primary_key=key, comment=about)


def one_of(column: str, words: object) -> str:
    """SQL: whether the column holds one of the words of a Literal."""
    return f"{column} IN ({', '.join(repr(word) for word in get_args(words))})"
