"""The envelope around the rows of a JSON page, and whether each page continues the ones before."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from catalog.errors import DeliveryBroken


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


class Opened(NamedTuple):
    """What an answer says about itself, how many rows it holds, and a fingerprint of them."""

    page: int
    pages: int
    total: int
    rows: int
    fingerprint: bytes


class Seen:
    """What the pages so far have shown: each must continue the ones before."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self.page, self.pages, self.rows, self.total = 0, 1, 0, 0
        self._fingerprints: set[bytes] = set()

    def take(self, answer: Opened) -> None:
        """Take the next page. Raises DeliveryBroken, and takes nothing, where it does not fit."""
        problem = self._misfit(answer)
        if problem:
            raise DeliveryBroken(self.source_id, f"page {self.page + 1} {problem}")
        self._fingerprints.add(answer.fingerprint)
        self.page, self.pages, self.total = answer.page, answer.pages, answer.total
        self.rows += answer.rows

    def finish(self) -> None:
        """Raises DeliveryBroken unless as many rows came as were announced."""
        if self.rows != self.total:
            problem = f"{self.rows} rows came in {self.page} pages, announced were {self.total}"
            raise DeliveryBroken(self.source_id, problem)

    def _misfit(self, answer: Opened) -> str:
        if answer.page != self.page + 1:
            return "came under another page's number"
        if self.page and (answer.pages, answer.total) != (self.pages, self.total):
            return "announces other counts of pages and rows than the pages before"
        if answer.fingerprint in self._fingerprints:
            return "repeats an earlier page"
        return ""


def opened(
    source_id: str,
    content: bytes,
    status: type[Status] = Status,
    around: type[Envelope] = Envelope,
) -> Opened:
    """Look into a page without keeping its rows; `status` and `around` are the platform's names
    for the parts. Raises DeliveryBroken for what is none."""
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


def harmless(code: int | str) -> str:
    """The code where it is a short number, which can be no personal value."""
    text = str(code)
    return text if text.lstrip("-").isdigit() and len(text) < 8 else "that is not a number"


def _kind(content: bytes) -> str:
    return "HTML" if content.lstrip()[:1] == b"<" else "cut or unexpected JSON"
