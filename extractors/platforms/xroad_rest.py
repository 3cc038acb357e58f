"""The JSON pages of lgsp_json behind a security server: X-Road Message Protocol for REST, r1.

The security server authenticates us (mutual TLS) and signs what passes, so there is no token.
Both its id of a request and ours stand in the manifest, for the two logs to be matched.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_OID, uuid5

import httpx2

from catalog.errors import DeliveryBroken
from catalog.night import Night
from catalog.sources import Source
from extractors import json_envelope, paging, security_server
from extractors.delivery import Page
from extractors.paging import Answer
from extractors.web import client, fetch

SERVICES = {**paging.SERVICES, "petition": "DanhSachPAKN"}
NEEDS = ("url", "xroad")
REQUEST_ID = re.compile(r"[0-9a-f-]{1,40}", re.ASCII | re.IGNORECASE)

rows = json_envelope.rows


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since `cursor` and before the night's cut-off, or of the keys of
    the month `cursor`, asked for through the security server."""
    service = paging.service(source, record, SERVICES)
    span = paging.span(record, night, cursor)
    with client(source) as web:
        through = SecurityServer(web, source, night.batch_id(source.source_id, record))
        yield from paging.pages(source, service, span, through.ask, json_envelope.opened)


class SecurityServer:
    """Asks one message at a time through `web`. `batch_id` and the query make the ids of our
    messages, so that the same night asks under the same ids."""

    def __init__(self, web: httpx2.Client, source: Source, batch_id: str) -> None:
        self._web, self._source, self._batch_id = web, source, batch_id
        assert source.xroad, "what this platform needs is there"
        self._xroad = source.xroad
        self._request_id = ""
        web.event_hooks = {**web.event_hooks, "response": [self._heard]}

    def ask(self, service: str, query: Mapping[str, str], attempt: int) -> Answer:
        """The page of `service` that `query` names."""
        words = urlencode(query)
        message = str(uuid5(NAMESPACE_OID, f"{self._batch_id}?{words}#{attempt}"))
        headers = {
            "Accept": "application/json",
            "X-Road-Client": quote(self._xroad.client),
            "X-Road-Id": message,
        }
        url = f"{self._source.base_url}/r1/{quote(self._xroad.service)}/{service}"
        request = self._web.build_request("GET", url, params=query, headers=headers)
        content = fetch(self._web, self._source, request)
        ids = f"X-Road-Id={message} X-Road-Request-Id={self._request_id}"
        return Answer(content, f"GET {url}?{words} {ids}")

    def _heard(self, response: httpx2.Response) -> None:
        """Raise what the headers tell before the body is read."""
        source_id, message = self._source.source_id, response.request.headers["X-Road-Id"]
        if code := response.headers.get("X-Road-Error"):
            raise security_server.fault(source_id, code, message)
        if response.headers.get("X-Road-Id", message) != message:
            raise DeliveryBroken(source_id, "the security server answered another message")
        request_id = response.headers.get("X-Road-Request-Id", "")
        self._request_id = request_id if REQUEST_ID.fullmatch(request_id) else ""
