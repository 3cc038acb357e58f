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

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from catalog.night import Night
from catalog.sources import Source, XRoad
from extractors import json_pages
from extractors.delivery import Page
from extractors.json_pages import Answer
from extractors.web import client, fetch

SERVICES = {**json_pages.SERVICES, "petition": "DanhSachPAKN"}
FAULT = re.compile(r"(client|server|signer)(\.[a-z_]+)+", re.ASCII | re.IGNORECASE)
"""A fault's type: Server.ClientProxy.AccessDenied, or newer server.clientproxy.access_denied."""
REQUEST_ID = re.compile(r"[0-9a-f-]{1,40}", re.ASCII | re.IGNORECASE)
REFUSALS = frozenset(
    {
        "accessdenied",
        "badrequest",
        "invalidclientidentifier",
        "invalidrequest",
        "invalidrest",
        "servicedisabled",
        "sslauthenticationfailed",
        "unknownmember",
        "unknownservice",
    }
)
"""Last words of fault types that only people can resolve; all others may pass by themselves."""

rows = json_pages.rows


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since `cursor` and before the night's cut-off, or of the keys of
    the month `cursor`, asked for through the security server."""
    service = json_pages.service(source, record, SERVICES)
    span = json_pages.span(record, night, cursor)
    with client(source) as web:
        through = SecurityServer(web, source, night.batch_id(source.source_id, record))
        yield from json_pages.pages(source, service, span, through.ask)


class SecurityServer:
    """Asks one message at a time through `web`. `batch_id` and the query make the ids of our
    messages, so that the same night asks under the same ids. Raises DeclarationError for a source
    that does not say who asks and which service."""

    def __init__(self, web: httpx2.Client, source: Source, batch_id: str) -> None:
        self._web, self._source, self._batch_id = web, source, batch_id
        self._xroad = _identifiers(source)
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
            raise fault(source_id, code, message)
        if response.headers.get("X-Road-Id", message) != message:
            raise DeliveryBroken(source_id, "the security server answered another message")
        request_id = response.headers.get("X-Road-Request-Id", "")
        self._request_id = request_id if REQUEST_ID.fullmatch(request_id) else ""


def fault(source_id: str, code: str, message: str) -> SourceError:
    """The error for a fault of a security server (PR-REST 1.0, 4.6), which is not the provider's.
    `message` is our id of the message, under which both security servers log it."""
    known = bool(FAULT.fullmatch(code))
    words = code.lower().replace("_", "").split(".")
    lasting = known and (words[0] == "client" or words[-1] in REFUSALS)
    told = code if known else "of no known type"
    kind = SourceRefused if lasting else SourceUnavailable
    return kind(source_id, f"security server fault {told} on message {message}")


def _identifiers(source: Source) -> XRoad:
    if source.xroad is None:
        raise DeclarationError(f"{source.source_id}.yml", "xroad_rest needs xroad: client, service")
    return source.xroad
