"""A page of a view as it is landed: canonical JSON, cut where the next page can go on.

``{"columns": ["record_key", ...], "rows": [["000.00.12.H26-...", ...], ...]}`` is what the driver
gave us, the same bytes for the same rows: every value a string (numbers plain, booleans ``true``
and ``false``, times ISO in the server's own form), NULL null, and bytes that are no UTF-8
``{"hex": "..."}``, which is no text and so is refused where a text is wanted.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from catalog.errors import DeliveryBroken, SchemaDrift
from catalog.sources import Source
from extractors.views.statement import LONGEST_KEY, Place
from extractors.web import TooLarge

SO_FAR, AT, CODE = -3, -2, -1
"""Where the statement puts the bytes so far, the time and the key: behind the row's own cells."""


class Cut(NamedTuple):
    """The bytes of one page, how many rows it holds, and where the next goes on; None after the
    last."""

    content: bytes
    rows: int
    after: Place | None


class Opened(msgspec.Struct):
    """A landed page."""

    columns: list[str]
    rows: list[list[Any]]


class Cutter:
    """Cuts what was read of the view into pages of whole groups of equal time and key: between
    two such rows no place exists to go on from."""

    def __init__(self, source: Source, columns: Sequence[str]) -> None:
        self._source, self._columns = source, columns

    def cut(self, rows: Sequence[sa.Row[Any]], before: Place | None) -> Cut:
        """The page at the start of `rows`, which follow `before`. Raises DeliveryBroken where
        there is none, SchemaDrift for a time with a zone that the server would not compare."""
        written = self._written(rows)
        count = len(written)
        places = [self._place(row) for row in rows[: count + 1]]
        if places and places[0] == before:
            raise self._broken("is out of order, or its times are finer than a microsecond")
        if count == len(rows):
            return Cut(self._page(written), count, None)
        while count and _same(places[count - 1], places[count]):
            count -= 1
        if not count:
            limit = f"{self._source.page_size} rows or {self._source.max_page_bytes} bytes"
            problem = f"a row, or the rows of equal time and key, exceed {limit}"
            raise TooLarge(self._source.source_id, problem)
        return Cut(self._page(written[:count]), count, places[count - 1])

    def whole(self, rows: Sequence[sa.Row[Any]]) -> Cut:
        """All `rows` as one page. Raises DeliveryBroken where they are more."""
        written = self._written(rows)
        if len(written) < len(rows):
            raise self._broken("holds more rows without key or time than fit on a page")
        return Cut(self._page(written), len(written), None)

    def _written(self, rows: Sequence[sa.Row[Any]]) -> list[bytes]:
        """The first rows that stay within the limits, as the server counts and as written."""
        limit, size, written = self._source.max_page_bytes, len(self._page([])), list[bytes]()
        for row in rows[: self._source.page_size]:
            values = zip(self._columns, row, strict=False)
            line = msgspec.json.encode([self._text(name, value) for name, value in values])
            size += len(line) + 1
            if size > limit or int(row[SO_FAR]) > limit:
                break
            written.append(line)
        return written

    def _page(self, written: Sequence[bytes]) -> bytes:
        names = msgspec.json.encode(list(self._columns))
        return b'{"columns":' + names + b',"rows":[' + b",".join(written) + b"]}"

    def _text(self, name: str, value: Any) -> Any:
        try:
            return text_of(value)
        except TypeError:
            raise self._broken(f"holds a {type(value).__name__} in {name}") from None

    def _place(self, row: sa.Row[Any]) -> Place:
        at, key = row[AT], row[CODE]
        if isinstance(at, dt.datetime) and at.tzinfo:
            problem = "its view gives times with a zone, which this server compares as UTC"
            raise SchemaDrift(self._source.source_id, problem)
        if key is None:
            problem = f"the view has a record_key longer than {LONGEST_KEY} bytes"
            raise TooLarge(self._source.source_id, problem)
        return Place(text_of(at), text_of(key) if isinstance(key, bytes) else key)

    def _broken(self, problem: str) -> DeliveryBroken:
        return DeliveryBroken(self._source.source_id, f"the view {problem}")


def _same(one: Place, other: Place) -> bool:
    """Whether the server might take the places for one: it may be blind to case and accents."""
    return one.at == other.at and _folded(one.key) == _folded(other.key)


def _folded(key: Any) -> str:
    letters = unicodedata.normalize("NFKD", str(key)).casefold().replace("đ", "d")
    return "".join(c for c in letters if not unicodedata.combining(c)).strip()


def text_of(value: Any) -> Any:
    """The canonical form of one cell. Raises TypeError for a type that no contract has."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case int() | UUID() | dt.timedelta():
            return str(value)
        case float():
            return repr(value)
        case Decimal():
            return format(value, "f")
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return _of_bytes(bytes(value))
    raise TypeError


def _of_bytes(value: bytes) -> Any:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return {"hex": value.hex()}
