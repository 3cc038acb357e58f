"""A session of the national portal: got by name and password, and sent in every body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
import msgspec

from catalog.errors import DeliveryBroken, SourceRefused
from catalog.settings import settings
from catalog.sources import Source
from extractors.json_envelope import Status, harmless
from extractors.paging import Answer
from extractors.ticket import Ticket
from extractors.web import Unauthorised, fetch

NAMES = {"changed_since": "tungay", "until": "denngay", "page": "trang", "page_size": "sodong"}
EXPIRED = re.compile(r"phiên(?! bản)|session", re.IGNORECASE)
"""Words of a message that the session has run out; ``phiên bản`` is a version."""


class Told(Status):
    """What an answer says about itself. Its message is looked into and never passed on."""

    message: str | None = None

    @property
    def is_page(self) -> bool:
        """A page that the portal "already gave" counts by the rows that come with it. It is never
        taken for the end: without rows around it the answer is broken, and the page asked again."""
        is_known = "đã tồn tại" in self._text.casefold()
        return self._is_success or (str(self.error_code) in {"3", "-3"} and is_known)

    @property
    def is_expired(self) -> bool:
        return not self.is_page and bool(EXPIRED.search(self._text))

    @property
    def _is_success(self) -> bool:
        return str(self.error_code) in {"0", "00"}

    @property
    def _text(self) -> str:
        return unicodedata.normalize("NFC", self.message or "")


class Login(Status):
    """The answer to a login."""

    session: str = ""


S = TypeVar("S", bound=Status)


class Session:
    """Asks under one session, and logs in again once when that has run out. `extras` go into
    every body beside the envelope."""

    def __init__(self, web: httpx2.Client, source: Source, extras: Mapping[str, str]) -> None:
        self._web, self._source, self._extras = web, source, extras
        self._session = Ticket(self._log_in)

    def ask(self, service: str, query: Mapping[str, str], attempt: int) -> Answer:
        """The page of `service` that `query` names. A session that ends a second time in a row
        raises SourceRefused."""
        query = {NAMES[name]: value for name, value in query.items()}
        request = f"POST {self._url('g')} {service}?{urlencode(query)}"
        return Answer(self._session.use(partial(self._page, service, query)), request)

    def _page(self, service: str, query: Mapping[str, str], session: str) -> bytes:
        envelope = {"session": session, "madonvi": self._source.area, "service": service}
        body = {**envelope, "isUpdating": "False", **self._extras, "data": [query]}
        content = self._post("g", body)
        told = _told(content, Told)
        if told and told.is_expired:
            raise Unauthorised(self._source.source_id, f"{service}: the session does not hold")
        return content

    def _log_in(self) -> str:
        source = self._source
        who = source.user or source.source_id
        body = {"username": who, "password": settings().secret(source.secret)}
        told = _told(self._post("login", body), Login)
        if told and not told.is_page:
            problem = f"the login was refused with error_code {harmless(told.error_code)}"
            raise SourceRefused(source.source_id, problem)
        if not told or not told.session:
            raise DeliveryBroken(source.source_id, "the login answer holds no session")
        return told.session

    def _post(self, operation: str, body: Mapping[str, Any]) -> bytes:
        request = self._web.build_request("POST", self._url(operation), json=body)
        return fetch(self._web, self._source, request)

    def _url(self, operation: str) -> httpx2.URL:
        base = httpx2.URL(self._source.base_url)
        return base.copy_with(path=f"{base.path.rstrip('/')}/mapi/{operation}")


def _told(content: bytes, kind: type[S]) -> S | None:
    """What an answer says about itself; None for what is no answer, which is told elsewhere."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
