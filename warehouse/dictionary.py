"""Writes docs/dictionary.md: every table, view and code that analysts meet, in both languages.

Run ``python -m warehouse.dictionary > docs/dictionary.md`` after changing a record kind, a table of
the warehouse or a code list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from catalog import codelists
from catalog.records import stored_records
from warehouse.lists import named_codelists
from warehouse.tables import metadata
from warehouse.tables.columns import ABOUT_SCHEMAS
from warehouse.tables.named import named
from warehouse.views import TALL, about_figure

DIALECT: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
INTRODUCTION = """\
# Từ điển dữ liệu · Data dictionary

Mọi bảng, cột và mã trong kho dữ liệu PostgreSQL và trong các tệp công bố. Tệp công bố có cùng tên
cột với bảng cùng tên trong lược đồ `mart`. Ô trống là không có số liệu, không phải số 0; lý do ghi
ở cột `reason`.

Every table, column and code of the PostgreSQL warehouse and of the published files, whose columns
are those of the table of that name in `mart`. An empty number is missing, not zero; `reason` says
why. Examples: [analysts](analysts/README.md). Indicators: [indicators.md](indicators.md).

This file is written by `python -m warehouse.dictionary`.
"""
WIDE = """\
Mỗi chủ đề một bảng ghép, mỗi chỉ số của chủ đề một cột mang mã của chỉ số; các cột đầu như của
`mart.figure`. One view a theme, with a column for each of its indicators, called by its code; the
first columns are those of `mart.figure`.
"""


def dictionary() -> str:
    """The whole file."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    for schema in ("mart", "record", "ops"):
        vi, en = told(ABOUT_SCHEMAS[schema])
        yield from [f"## `{schema}`", "", f"{vi}. {en}", ""]
        if schema == "mart":
            yield from _views()
        for table in metadata.sorted_tables:
            if table.schema == schema:
                yield from _table(table)
    yield from ["## Danh mục mã · Code lists", ""]
    for name in named_codelists():
        rows = codelists.rows(name)
        yield from [f"### `{name}`", ""]
        yield from _grid("mã · code | tiếng Việt | English", map(_names, rows))


def _views() -> Iterator[str]:
    yield from ["### `mart.figure`", "", "{}. {}".format(*told(named("mart.figure", TALL))), ""]
    texts = about_figure().items()
    yield from _grid(
        "cột · column | tiếng Việt | meaning", ((f"`{c}`", *told(t)) for c, t in texts)
    )
    yield from ["### `mart.wide_<theme>`", "", WIDE]
    themes = ((f"`wide_{row['code']}`", *_names(row)[1:]) for row in codelists.rows("theme"))
    yield from _grid("view | tiếng Việt | English", themes)


def _table(table: sa.Table) -> Iterator[str]:
    vi, en = told(str(table.comment))
    yield from [f"### `{table}`", "", f"{vi}. {en}", ""]
    rows = (_column(table, column) for column in table.c)
    yield from _grid("cột · column | kiểu · type | tiếng Việt | meaning", rows)


def _column(table: sa.Table, column: sa.Column[object]) -> tuple[str, ...]:
    vi, en = told(str(column.comment))
    kind = column.type.compile(DIALECT).lower()
    field = stored_records()[table.name].columns[column.name] if table.schema == "record" else None
    if field and (codes := field.codes):
        en = f"{en} Code of [`{codes}`](#{codes})."
    key = " (khóa · key)" if column.primary_key else ""
    return f"`{column.name}`{key}", kind, vi, en


def told(comment: str) -> tuple[str, str]:
    """A comment's Vietnamese name, and what it says in English."""
    vi, _, en = comment.partition(". ")
    return vi, en


def _names(row: dict[str, str]) -> tuple[str, str, str]:
    return f"`{row['code']}`", row["name_vi"], row["name_en"]


def _grid(header: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from [f"| {header} |", "|" + "---|" * (header.count("|") + 1)]
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


if __name__ == "__main__":
    print(dictionary(), end="")
