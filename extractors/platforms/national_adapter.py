"""The national portal behind its adapter: one address, a session in every body, a `service`.

Login and envelope are those of clients in use. The query is our offer, as none is published: last
change from `tungay` and before `denngay` (``yyyyMMddHHmmss``, local), page `trang` of `sodong`
rows. The path of the exchange, and a ``?dstcode=`` that it may want, are part of the source's url.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from typing import Any

import msgspec

from catalog.night import Night
from catalog.sources import Source
from extractors import json_envelope, paging
from extractors.delivery import Page
from extractors.national.session import Session, Told
from extractors.web import client

SERVICES = {
    "procedure": "LayDanhSachTTHC",
    "agency": "LayDanhMucCoQuan",
    "rating": "DongBoDanhGia",
    "portal_dossier": "DongBoTrangThaiHoSo",
}
NEEDS = ("url", "secret")
EXTRAS = {"portal_dossier": {"type": "2"}}
CATALOGUES = frozenset({"procedure", "agency"})
BEGINNING = "20000101000000"
"""Before the first entry of any catalogue, which is needed whole the first time."""


class NationalEnvelope(json_envelope.Envelope):
    """The part of a good answer around its rows."""

    page: int = msgspec.field(name="trang")
    pages: int = msgspec.field(name="tongsotrang")
    total: int = msgspec.field(name="tongso")


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The pages of what changed since an hour before `cursor` and before the night's cut-off; the
    first time since `history_days` before it, of a catalogue since its beginning."""
    service = paging.service(source, record, SERVICES)
    span = paging.span(record, night, cursor)
    if record in CATALOGUES and not cursor:
        span = paging.Span({**span.query, "changed_since": BEGINNING}, span.cursor_after)
    look = partial(json_envelope.opened, status=Told, around=NationalEnvelope)
    with client(source) as web:
        ask = Session(web, source, EXTRAS.get(record, {})).ask
        yield from paging.pages(source, service, span, ask, look)


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The items of the page's ``data``."""
    return json_envelope.rows(source, record, content, NationalEnvelope)
