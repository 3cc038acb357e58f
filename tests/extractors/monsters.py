"""A server that lets every platform of the web in, and then answers with a monster."""

from __future__ import annotations

import asyncio
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.extractors.soap.conftest import OURS, envelope

GIGABYTE, CHUNK = 1_000_000_000, 100_000
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
XML_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l12;</x>'

TOLD = "<MaLoi>0</MaLoi><ThongBao/><PhienLamViec>token-number-1</PhienLamViec>"
SESSION = f'<DangNhapResponse xmlns="{OURS}">{TOLD}</DangNhapResponse>'


class Monsters:
    """`make` makes the next answer; `asked` counts the questions for data, `sent` the bytes that
    a gigabyte got to."""

    def __init__(self) -> None:
        self.make: Callable[[], Response] = Response
        self.asked = self.sent = 0

    async def answer(self, request: Request) -> Response:
        if request.url.path.endswith("/token"):
            return JSONResponse({"access_token": "token-number-1"})
        if request.url.path.endswith("/mapi/login"):
            return JSONResponse({"error_code": 0, "session": "token-number-1"})
        if b"DangNhap" in await request.body():
            return Response(envelope(SESSION))
        self.asked += 1
        return self.make()

    def streamed(self) -> Response:
        """A gigabyte of nothing, piece by piece."""
        return StreamingResponse(self._gigabyte())

    def announced(self) -> Response:
        """A gigabyte that is told before it comes."""
        return StreamingResponse(self._gigabyte(), headers={"Content-Length": str(GIGABYTE)})

    def packed(self) -> Response:
        """A megabyte that unpacks to a gigabyte."""
        packer = zlib.compressobj(wbits=31)
        start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
        million = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
        return Response(start + 1000 * million, headers={"Content-Encoding": "gzip"})

    def crowded(self) -> Response:
        """Twenty megabytes that become half a gigabyte once each value is an object."""
        return Response(b'{"error_code":"0","code":"OK","data":[' + b"[]," * 7_000_000 + b"[]]}")

    def entities(self) -> Response:
        """A hundred billion letters of XML in a thousand bytes."""
        return Response(XML_BOMB, media_type="text/xml")

    async def _gigabyte(self) -> AsyncIterator[bytes]:
        while self.sent < GIGABYTE:
            self.sent += CHUNK
            await asyncio.sleep(0)
            yield b" " * CHUNK


def application(monsters: Monsters) -> Starlette:
    methods = ["GET", "POST"]
    return Starlette(routes=[Route("/{path:path}", monsters.answer, methods=methods)])


@contextmanager
def within(most: int) -> Iterator[None]:
    """What happens inside takes at most so many bytes at a time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()
