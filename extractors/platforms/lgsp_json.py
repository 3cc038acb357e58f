"""Province and ministry feeds over the national integration platform: JSON pages by time of change.

The contract is in docs/architecture.md, "The lgsp_json contract".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterator
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from catalog.errors import DeclarationError, DeliveryBroken
from catalog.night import LOCAL_ZONE, Night
from catalog.settings import settings
from catalog.sources import Source
from extractors.client_credentials import ClientCredentials
from extractors.delivery import Page
from extractors.web import again, client

SERVICES = {"dossier": "DongBoHoSoMC", "rating": "DongBoDanhGia"}
STAMP = "%Y%m%d%H%M%S"
OVERLAP = dt.timedelta(hours=1)
"""How far behind the cursor we ask again, as sources commit late; repeats end as unchanged."""


class Status(msgspec.Struct):
    """The part of an answer that says whether it is one."""

    error_code: int | str


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


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since an hour before `cursor` (``yyyyMMddHHmmss``, local; the
    first time: since `history_days` before the cut-off) and before the night's cut-off."""
    service, window = _service(source, record), _window(night, cursor)
    seen = _Seen()
    with client(source) as web:
        credentials = ClientCredentials(web, source)
        while seen.page < seen.pages:
            query = window | {"page": str(seen.page + 1), "page_size": str(source.page_size)}
            for attempt in again(source):
                with attempt:
                    content = credentials.get(service, query)
                    answer = _opened(source, content)
                    seen.take(source, answer)
            request = f"GET {source.base_url}/{service}?{urlencode(query)}"
            yield Page(seen.page, content, answer.rows, request, attempt.num, window["until"])
    if seen.rows != seen.total:
        problem = f"{seen.rows} rows came in {seen.page} pages where {seen.total} were announced"
        raise DeliveryBroken(source.source_id, problem)


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The items of the page's ``data``."""
    yield from msgspec.json.decode(msgspec.json.decode(content, type=Envelope).data, type=list[Any])


class _Seen:
    """What the pages so far have shown: each must continue the ones before."""

    def __init__(self) -> None:
        self.page, self.pages, self.rows, self.total = 0, 1, 0, 0
        self._fingerprints: set[bytes] = set()

    def take(self, source: Source, answer: Opened) -> None:
        """Take the next page. Raises DeliveryBroken, and takes nothing, where it does not fit."""
        problem = self._misfit(answer)
        if problem:
            raise DeliveryBroken(source.source_id, f"page {self.page + 1} {problem}")
        self._fingerprints.add(answer.fingerprint)
        self.page, self.pages, self.total = answer.page, answer.pages, answer.total
        self.rows += answer.rows

    def _misfit(self, answer: Opened) -> str:
        if answer.page != self.page + 1:
            return "came under another page's number"
        if self.page and (answer.pages, answer.total) != (self.pages, self.total):
            return "announces other counts of pages and rows than the pages before"
        if answer.fingerprint in self._fingerprints:
            return "repeats an earlier page"
        return ""


def _opened(source: Source, content: bytes) -> Opened:
    try:
        code = msgspec.json.decode(content, type=Status).error_code
        if str(code) not in {"0", "00"}:
            raise DeliveryBroken(source.source_id, f"error_code {_harmless(code)}")
        envelope = msgspec.json.decode(content, type=Envelope)
        count = len(msgspec.json.decode(envelope.data, type=list[Any]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problem = f"{_kind(content)} instead of a page ({type(error).__name__})"
        raise DeliveryBroken(source.source_id, problem) from None
    fingerprint = sha256(envelope.data).digest()
    return Opened(envelope.page, envelope.pages, envelope.total, count, fingerprint)


def _harmless(code: int | str) -> str:
    text = str(code)
    return text if text.lstrip("-").isdigit() and len(text) < 8 else "that is not a number"


def _kind(content: bytes) -> str:
    return "HTML" if content.lstrip()[:1] == b"<" else "cut or unexpected JSON"


def _service(source: Source, record: str) -> str:
    if record not in SERVICES:
        raise DeclarationError(f"{source.source_id}.yml", f"lgsp_json does not offer {record}")
    return SERVICES[record]


def _window(night: Night, cursor: str) -> dict[str, str]:
    until = night.cutoff.astimezone(LOCAL_ZONE)
    if cursor:
        since = dt.datetime.strptime(cursor, STAMP) - OVERLAP
    else:
        since = until - dt.timedelta(days=settings().history_days)
    return {"changed_since": since.strftime(STAMP), "until": until.strftime(STAMP)}
