"""The ways to people: one module each, found by its name.

```python
check(address) -> str                     # what is wrong with a declared address, or ""
place(address) -> str                     # the server that is asked: if it is silent, for all there
send(letter, to: Recipient, at) -> None   # raises MessageUndelivered, NobodyAnswers
```

Sending is at least once: who is asked again because we could not note an answer gets the same
`message_id` again, and can tell by it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import ipaddress
import pkgutil
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import stamina

from catalog.errors import DeclarationError, MessageUndelivered
from catalog.feedback import Recipient
from catalog.night import Night

ATTEMPTS = 3
"""Within one run; the next night tries again."""
FIRST_WAIT = 0.5
"""Seconds before the second attempt; the next wait doubles."""


@dataclass(frozen=True)
class Letter:
    """A message in every form that a channel may need; `data` is what programs read."""

    message_id: str
    area: str
    night: Night
    purpose: str
    subject: str
    text: str
    html: str
    data: dict[str, Any]


@cache
def channels() -> dict[str, ModuleType]:
    """Every channel by its name."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


def check(recipient: Recipient, file: str) -> None:
    """Raises DeclarationError where nobody can reach `recipient`, as `file` declares it."""
    if recipient.channel not in channels():
        raise DeclarationError(file, f"feedback: no channel {recipient.channel}")
    if problem := channels()[recipient.channel].check(recipient.address):
        raise DeclarationError(file, f"feedback: {recipient.channel}: {problem}")


def deliver(letter: Letter, to: Recipient, at: dt.datetime) -> None:
    """Bring `letter` to `to`, trying again what may pass. `at` is the instant of sending.

    Raises MessageUndelivered, without a word that the other side said.
    """
    for attempt in stamina.retry_context(
        on=_may_pass, attempts=ATTEMPTS, timeout=None, wait_initial=FIRST_WAIT, wait_jitter=0
    ):
        with attempt:
            channels()[to.channel].send(letter, to, at)


def _may_pass(error: Exception) -> bool:
    return isinstance(error, MessageUndelivered) and error.is_transient


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, said so that no name server is asked."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
