"""Messages to a program of the province, signed as https://www.standardwebhooks.com says.

What is posted and how to verify it: docs/webhook.md.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from urllib.parse import urlsplit

import httpx2
from standardwebhooks import Webhook

from catalog.errors import MessageUndelivered, NobodyAnswers, SettingsError
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback.channels import Letter, is_loopback

SECONDS = 15.0
"""From the first byte sent to the status of the answer, however slowly it comes."""
PREFIX = "whsec_"
BUSY = (408, 425, 429)
"""Client errors that may pass."""


def check(address: str) -> str:
    """A query or a name in the address would be a secret in a file that many read."""
    parts = urlsplit(address)
    if parts.query or parts.fragment or parts.username or parts.password:
        return "an address has no name, query or fragment; the signature shows who we are"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return "" if parts.hostname else "an address has a host"
    return "only https"


def place(address: str) -> str:
    return urlsplit(address).netloc


def send(letter: Letter, to: Recipient, at: dt.datetime) -> None:
    """Post the message; any 2xx says that it is taken. The answer's body is not read."""
    host = urlsplit(to.address).hostname or ""
    if host not in settings().allowed_hosts:
        raise MessageUndelivered("webhook: the host is not in MOTCUA_WEBHOOK_HOSTS", False)
    if settings().demo and not is_loopback(host):
        raise MessageUndelivered("webhook: the demonstration sends to this machine alone", False)
    body = json.dumps(letter.data, ensure_ascii=False)
    try:
        status = asyncio.run(_post(to.address, body, _signed(letter, to, at, body)))
    except TimeoutError:
        raise NobodyAnswers("webhook: no answer in time") from None
    except httpx2.HTTPError as error:
        raise NobodyAnswers(f"webhook: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise MessageUndelivered(f"webhook: answered {status}", status >= 500 or status in BUSY)


def _signed(letter: Letter, to: Recipient, at: dt.datetime, body: str) -> dict[str, str]:
    """The headers; the same id at each attempt."""
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": letter.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": _key(to).sign(letter.message_id, at.astimezone(dt.UTC), body),
    }


def _key(to: Recipient) -> Webhook:
    """The secret as the standard writes it; in the demonstration any word will do."""
    try:
        secret = settings().secret(to.secret)
        if not secret.startswith(PREFIX) and not settings().demo:
            raise SettingsError(f"MOTCUA_{to.secret} does not start with {PREFIX}")
        return Webhook(secret if secret.startswith(PREFIX) else secret.encode())
    except SettingsError as error:
        raise MessageUndelivered(f"webhook: {error}", False) from None
    except (ValueError, RuntimeError):
        raise MessageUndelivered(f"webhook: MOTCUA_{to.secret} is no key", False) from None


async def _post(address: str, body: str, headers: dict[str, str]) -> int:
    """The status. Deaf to the process environment, and redirects are not followed: the allow-list
    would say nothing about where they lead."""
    async with (
        asyncio.timeout(SECONDS),
        httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS) as web,
        web.stream("POST", address, content=body.encode(), headers=headers) as answer,
    ):
        return int(answer.status_code)
