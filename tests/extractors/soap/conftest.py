"""A provider behind a security server on loopback, which answers by the SOAP contract except where
a test says otherwise. It writes its envelopes by hand: neither zeep nor the simulator helps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.extractors.conftest import MARK, SECRET, Declare, Feed, serving

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XROAD = "http://x-road.eu/xsd/xroad.xsd"
OURS = "urn:motcua:dong-bo:1"
Spoil = Callable[[str], str]
Broken = Response | Spoil | Callable[[Request], Awaitable[Response]]


class Asked(NamedTuple):
    """A request as the provider read it: X-Road and session headers, operation, words."""

    headers: dict[str, str]
    operation: str
    words: dict[str, str]


def envelope(body: str, id_: str = "") -> str:
    header = f"<x:id xmlns:x='{XROAD}'>{id_}</x:id>"
    start = f'<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="{SOAP}">'
    return f"{start}<e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"


def page(
    listed: str, number: int = 1, pages: int = 1, total: int = 1, service: str = "DongBoHoSoMC"
) -> str:
    """The body of a page around the rows in `listed`."""
    counts = f"<Trang>{number}</Trang><TongSoTrang>{pages}</TongSoTrang><TongSo>{total}</TongSo>"
    return (
        f'<{service}Response xmlns="{OURS}"><MaLoi>0</MaLoi><ThongBao/>{counts}'
        f"<DanhSach>{listed}</DanhSach></{service}Response>"
    )


def fault(code: str, detail: str = "", status: int = 500) -> Response:
    """A fault whose text holds what must not be told."""
    told = f"<faultcode>{code}</faultcode><faultstring>{MARK}</faultstring>"
    body = f"<e:Fault>{told}<detail>{detail}</detail></e:Fault>"
    return Response(envelope(body), status, media_type="text/xml")


def typed(code: str, wait: str = "", status: int = 500) -> Response:
    waits = f"<ChoGiay>{wait}</ChoGiay>" if wait else ""
    detail = f'<LoiDichVu xmlns="{OURS}"><MaLoi>{code}</MaLoi>{waits}</LoiDichVu>'
    return fault("e:Server", detail, status)


class Provider:
    """`faults` says what to answer to the n-th request for data, from 1, in place of the page: a
    response, or what to make of the envelope; `asked` lists the requests for data, `logins` those
    for a session; `visits` counts who came to an address that only a hostile answer names."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.codes = [f"MA-{n}" for n in range(7)]
        self.faults: dict[int, Broken] = {}
        self.asked: list[Asked] = []
        self.logins: list[Asked] = []
        self.session, self.visits = "", 0
        self.login_answer: Response | None = None

    def rows(self, number: int, size: int) -> str:
        codes = self.codes[(number - 1) * size : number * size]
        text = escape(MARK)
        cells = (f"<MaHoSo>{c}</MaHoSo><TrichYeuHoSo>{text}</TrichYeuHoSo>" for c in codes)
        return "".join(f"<Dong>{cell}</Dong>" for cell in cells)

    def page(self, asked: Asked) -> str:
        number, size = int(asked.words["Trang"]), int(asked.words["SoDong"])
        pages, total = max(1, -(-len(self.codes) // size)), len(self.codes)
        body = page(self.rows(number, size), number, pages, total, asked.operation)
        return envelope(body, asked.headers["id"])

    async def answer(self, request: Request) -> Response:
        asked = _asked(await request.body())
        if asked.operation == "DangNhap":
            return self.log_in(asked)
        self.asked.append(asked)
        if asked.headers["PhienLamViec"] != self.session:
            return typed("HET_PHIEN")
        broken = self.faults.get(len(self.asked))
        if isinstance(broken, Response):
            return broken
        made = broken(self.page(asked)) if broken else self.page(asked)  # type: ignore[arg-type]
        return Response(made, media_type="text/xml") if isinstance(made, str) else await made

    async def visit(self, request: Request) -> Response:
        self.visits += 1
        return Response(f"<!ENTITY y '{MARK}'>")

    def log_in(self, asked: Asked) -> Response:
        self.logins.append(asked)
        if asked.words != {"TenDangNhap": "thu_nghiem", "MatKhau": SECRET}:
            return typed("TU_CHOI")
        self.session = f"token-number-{len(self.logins)}"
        body = f"<MaLoi>0</MaLoi><ThongBao/><PhienLamViec>{self.session}</PhienLamViec>"
        body = f'<DangNhapResponse xmlns="{OURS}">{body}</DangNhapResponse>'
        return self.login_answer or Response(envelope(body, asked.headers["id"]))


def _asked(content: bytes) -> Asked:
    header, [body] = etree.fromstring(content)
    headers = {}
    for element in header:
        parts = filter(str.strip, element.itertext())
        headers[etree.QName(element).localname] = "/".join(parts)
    words = {etree.QName(word).localname: word.text or "" for word in body}
    return Asked(headers, etree.QName(body).localname, words)


@pytest.fixture(scope="session")
def soap_server() -> Iterator[Provider]:
    provider = Provider()
    routes = [
        Route("/dich-vu", provider.answer, methods=["POST"]),
        Route("/dich-vu/canary", provider.visit),
    ]
    with serving(Starlette(routes=routes)) as address:
        provider.url = f"{address}/dich-vu"
        yield provider


@pytest.fixture
def provider(soap_server: Provider, feed: Feed) -> Provider:
    """The provider with seven fictitious rows, and short waits."""
    soap_server.reset()
    return soap_server


@pytest.fixture
def declare(declare: Declare, provider: Provider) -> Declare:
    """Declares a source that asks the provider for three rows a page, with changes."""
    usual = {"platform": "soap", "url": provider.url}
    return lambda **changes: declare(**{**usual, **changes})
