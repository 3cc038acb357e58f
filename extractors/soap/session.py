"""Asking in a session: opened when needed, once more where the provider says that it has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

import httpx2
from lxml import etree

from catalog.errors import DeliveryBroken, SourceError
from catalog.settings import settings
from catalog.sources import Source
from extractors.paging import Answer
from extractors.soap.answers import Letter, read
from extractors.soap.contract import LOG_IN, OURS, PARAMETERS, request
from extractors.soap.faults import FAULT, told, untold
from extractors.ticket import Ticket
from extractors.web import fetch

HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


class Session:
    """Asks as `source.user` (its id where that is empty); `id_of` gives the X-Road id of a page or
    of the login."""

    def __init__(self, web: httpx2.Client, source: Source, id_of: Callable[[str], str]) -> None:
        self._web, self._source, self._id_of = web, source, id_of
        self._session = Ticket(self._log_in)

    def ask(self, service: str, query: Mapping[str, str], attempt: int) -> Answer:
        """The page of `service` that `query` names. A session refused twice in a row raises
        SourceRefused."""
        words, message = {PARAMETERS[n]: v for n, v in query.items()}, self._id_of(query["page"])
        asked = f"POST {self._source.base_url} {service}?{urlencode(words)} X-Road-Id={message}"
        return Answer(self._session.use(partial(self._call, service, message, words)), asked)

    def _log_in(self) -> str:
        source = self._source
        secret = settings().secret(source.secret)
        words = {"TenDangNhap": source.user or source.source_id, "MatKhau": secret}
        *_, letter = read(source.source_id, self._call(LOG_IN, self._id_of(LOG_IN), words, ""))
        session = letter.body.findtext(f"{OURS}PhienLamViec") or ""
        if not session.isascii() or not session.isprintable():
            session = ""
        if letter.body.tag != f"{OURS}{LOG_IN}Response" or not session:
            raise DeliveryBroken(source.source_id, "the login answer holds no session")
        return session

    def _call(self, operation: str, message: str, words: Mapping[str, str], session: str) -> bytes:
        """The answer to one message. What an HTTP status alone says is told where a fault under it
        says no more."""
        source = self._source
        envelope = request(source, operation, message, session, **words)
        asked = self._web.build_request("POST", source.base_url, content=envelope, headers=HEADERS)
        content = fetch(self._web, source, asked, partial(self._explain, message))
        fault = _fault(source.source_id, content)
        if fault is None:
            return content
        raise told(source.source_id, fault, message) or untold(source.source_id, fault)

    def _explain(self, message: str, body: bytes) -> SourceError | None:
        try:
            fault = _fault(self._source.source_id, body)
        except DeliveryBroken:
            return None
        return None if fault is None else told(self._source.source_id, fault, message)


def _fault(source_id: str, content: bytes) -> etree._Element | None:
    """The fault that an answer is; None for a page, of which only the start is read."""
    first = next(read(source_id, content))
    return first.body if isinstance(first, Letter) and first.body.tag == FAULT else None
