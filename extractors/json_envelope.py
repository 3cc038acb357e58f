"""The envelope around the rows of a JSON page; a platform gives its own names for its parts."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from catalog.errors import DeliveryBroken
from catalog.sources import Source
from extractors.paging import Opened
from extractors.web import TooLarge

MOST_VALUES = 5_000_000
"""A page of 64 MB holds half as many; one of nothing but ``[],[],`` would take twenty times its
size once it is opened."""


class Status(msgspec.Struct):
    """The part of an answer that says whether it is one."""

    error_code: int | str

    @property
    def is_page(self) -> bool:
        """Whether the source says that this is the page asked for."""
        return str(self.error_code) in {"0", "00"}


class Envelope(msgspec.Struct):
    """The part of a good answer around its rows."""

    page: int
    pages: int
    total: int
    data: msgspec.Raw


def opened(
    source_id: str,
    content: bytes,
    status: type[Status] = Status,
    around: type[Envelope] = Envelope,
) -> Opened:
    """Look into a page without keeping its rows. Raises DeliveryBroken for what is none."""
    check_values(source_id, content)
    try:
        said = msgspec.json.decode(content, type=status)
        if not said.is_page:
            raise DeliveryBroken(source_id, f"error_code {harmless(said.error_code)}")
        envelope = msgspec.json.decode(content, type=around, strict=False)
        count = len(msgspec.json.decode(envelope.data, type=list[Any]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problem = f"{_kind(content)} instead of a page ({type(error).__name__})"
        raise DeliveryBroken(source_id, problem) from None
    fingerprint = sha256(envelope.data).digest()
    return Opened(envelope.page, envelope.pages, envelope.total, count, fingerprint)


def rows(
    source: Source, record: str, content: bytes, around: type[Envelope] = Envelope
) -> Iterator[Any]:
    """The items of the page's ``data``."""
    data = msgspec.json.decode(content, type=around, strict=False).data
    yield from msgspec.json.decode(data, type=list[Any])


def check_values(source_id: str, content: bytes) -> None:
    """Raises TooLarge for a page that would fill the memory with small values. Commas in texts
    count too, which is no harm."""
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise TooLarge(source_id, f"a page holds more than {MOST_VALUES} values")


def harmless(code: int | str) -> str:
    """The code where it is a short number, which can be no personal value."""
    text = str(code)
    return text if text.lstrip("-").isdigit() and len(text) < 8 else "that is not a number"


def _kind(content: bytes) -> str:
    return "HTML" if content.lstrip()[:1] == b"<" else "cut or unexpected JSON"
