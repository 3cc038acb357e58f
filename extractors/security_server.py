"""Faults of X-Road security servers, which are not the provider's: what their types mean."""

from __future__ import annotations

import re

from catalog.errors import SourceError, SourceRefused, SourceUnavailable

FAULT = re.compile(r"(client|server|signer)(\.[a-z_]+)+", re.ASCII | re.IGNORECASE)
"""A fault's type: Server.ClientProxy.AccessDenied, or newer server.clientproxy.access_denied."""
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


def fault(source_id: str, code: str, message: str) -> SourceError:
    """The error for a fault of the type `code` (PR-REST 1.0, 4.6). `message` is our id of the
    message, under which both security servers log it."""
    known = bool(FAULT.fullmatch(code))
    words = code.lower().replace("_", "").split(".")
    lasting = known and (words[0] == "client" or words[-1] in REFUSALS)
    told = code if known else "of no known type"
    kind = SourceRefused if lasting else SourceUnavailable
    return kind(source_id, f"security server fault {told} on message {message}")
