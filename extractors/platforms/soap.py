"""One-stop systems that speak SOAP behind X-Road (message protocol 4.0), after a pinned contract.

The contract is catalog/contracts/motcua.wsdl; who asks whom is `xroad` in the source file, and the
address is the source's `url` whatever a WSDL says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from catalog.errors import DeliveryBroken
from catalog.night import Night
from catalog.sources import Source
from extractors import paging
from extractors.delivery import Page
from extractors.paging import Opened
from extractors.soap.answers import Letter, read
from extractors.soap.contract import OURS, message_id
from extractors.soap.session import Session
from extractors.web import client

NEEDS = ("url", "secret", "xroad")
DIGITS = re.compile(r"-?[0-9]{1,9}")


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since `cursor` and before the night's cut-off, or of the keys of
    the month `cursor`, asked for in a session."""
    service = paging.service(source, record, paging.SERVICES)
    span = paging.span(record, night, cursor)
    id_of = partial(message_id, source.source_id, record, night, span.cursor_after)
    with client(source) as web:
        ask = Session(web, source, id_of).ask
        look = partial(opened, service, id_of)
        yield from paging.pages(source, service, span, ask, look)


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The rows of the page's ``DanhSach``, as the JSON of the same contract has them."""
    return (row for row in read(source.source_id, content) if not isinstance(row, Letter))


def opened(service: str, id_of: Callable[[str], str], source_id: str, content: bytes) -> Opened:
    """Look into a page without keeping its rows. Raises DeliveryBroken for what is none, and for
    the answer to another request."""
    digest, count = sha256(), 0
    for part in read(source_id, content):
        if isinstance(part, Letter):
            page, pages, total = _counts(source_id, service, part)
        else:
            digest.update(msgspec.json.encode(part))
            count += 1
    if part.id != id_of(str(page)):
        raise DeliveryBroken(source_id, "the answer carries another X-Road id than its request")
    return Opened(page, pages, total, count, digest.digest())


def _counts(source_id: str, service: str, letter: Letter) -> tuple[int, int, int]:
    if letter.body.tag != f"{OURS}{service}Response":
        raise DeliveryBroken(source_id, f"an answer that is no {service}Response")
    code, *counts = (
        letter.body.findtext(OURS + name) or ""
        for name in ("MaLoi", "Trang", "TongSoTrang", "TongSo")
    )
    if code not in {"0", "00"}:
        told = code if DIGITS.fullmatch(code) else "that is not a number"
        raise DeliveryBroken(source_id, f"MaLoi {told}")
    if not all(map(DIGITS.fullmatch, counts)):
        raise DeliveryBroken(source_id, "Trang, TongSoTrang and TongSo are not all numbers")
    page, pages, total = map(int, counts)
    return page, pages, total
