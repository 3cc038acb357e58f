"""OAuth 2.0 client credentials (RFC 6749, 4.4): the token is got when needed, renewed on a 401."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

import httpx2
import msgspec

from catalog.errors import DeliveryBroken
from catalog.settings import settings
from catalog.sources import Source
from extractors.paging import Answer
from extractors.ticket import Ticket
from extractors.web import fetch


class Token(msgspec.Struct):
    """The answer of the token address (RFC 6749, 5.1); only what fits into a header is a token."""

    access_token: Annotated[str, msgspec.Meta(pattern=r"\A[\x21-\x7e]+\Z")]


class ClientCredentials:
    """Asks as the client `source.source_id`, with the secret that the source file names.

    Not an `httpx2.Auth`: the client reads the answers within an auth flow whole, without the
    limits on size and time that `fetch` holds for every answer.
    """

    def __init__(self, web: httpx2.Client, source: Source) -> None:
        self._web, self._source = web, source
        self._token = Ticket(self._new_token)

    def ask(self, service: str, query: Mapping[str, str], attempt: int) -> Answer:
        """The page of `service` that `query` names. A second 401 in a row raises SourceRefused."""
        url = f"{self._source.base_url}/{service}"
        request = f"GET {url}?{urlencode(query)}"
        return Answer(self._token.use(partial(self._get, url, query)), request)

    def _get(self, url: str, query: Mapping[str, str], token: str) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        request = self._web.build_request("GET", url, params=query, headers=headers)
        return fetch(self._web, self._source, request)

    def _new_token(self) -> str:
        source = self._source
        pair = f"{source.source_id}:{settings().secret(source.secret)}"
        headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        form = {"grant_type": "client_credentials"}
        url = f"{source.base_url}/token"
        request = self._web.build_request("POST", url, data=form, headers=headers)
        answer = fetch(self._web, source, request)
        try:
            return msgspec.json.decode(answer, type=Token).access_token
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DeliveryBroken(source.source_id, "the token answer holds no token") from None
