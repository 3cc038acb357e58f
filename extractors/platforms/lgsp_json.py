"""Province and ministry feeds over the national integration platform: JSON pages by time of change.

The contract is in docs/architecture.md, "The lgsp_json contract".
"""

from __future__ import annotations

from collections.abc import Generator

from catalog.night import Night
from catalog.sources import Source
from extractors import json_envelope, paging
from extractors.client_credentials import ClientCredentials
from extractors.delivery import Page
from extractors.web import client

NEEDS = ("url", "secret")

rows = json_envelope.rows


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since `cursor` and before the night's cut-off, or of the keys of
    the month `cursor`, asked for with a bearer token."""
    service = paging.service(source, record, paging.SERVICES)
    span = paging.span(record, night, cursor)
    with client(source) as web:
        ask = ClientCredentials(web, source).ask
        yield from paging.pages(source, service, span, ask, json_envelope.opened)
