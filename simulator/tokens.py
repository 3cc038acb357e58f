"""OAuth2 client credentials: the tokens that the feeds hand out and accept."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections.abc import Callable


class Tokens:
    """Tokens by source; each ends `seconds` after it was made, by `clock` (seconds)."""

    def __init__(self, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self.clock = seconds, clock
        self._ends: dict[tuple[str, str], float] = {}

    def make(self, slug: str) -> str:
        token = secrets.token_urlsafe(24)
        self._ends[slug, token] = self.clock() + self.seconds
        return token

    def accepts(self, slug: str, authorization: str) -> bool:
        """Whether the header holds a token of that source that has not ended."""
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and self._ends.get((slug, token), 0.0) > self.clock()

    def forget(self, slug: str) -> None:
        self._ends = {key: end for key, end in self._ends.items() if key[0] != slug}


def basic(authorization: str) -> tuple[str, str]:
    """Client id and secret of an HTTP Basic header; empty strings when it is none."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client, secret
