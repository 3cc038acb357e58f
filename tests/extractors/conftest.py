"""A feed on loopback that answers by the lgsp_json contract, except where a test says otherwise;
behind a security server as well."""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalog.errors import SchemaDrift, SourceError
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from extractors import Delivery, collect, read
from transforms.conform import conform

SECRET = "a-secret-of-the-test"
CLIENT = "VN/GOV/000.00.00.G22/mot-cua"
PROVIDER = "VN/GOV/000.00.00.X99/một cửa"
REQUEST_ID = "f92591a3-6bf0-49b1-987b-0dd78c034cc3"
MARK = "VALUE-FROM-A-ROW"
NIGHT = Night(dt.date(2026, 11, 22))
Declare = Callable[..., Source]
ROWS = ["MA-0", "MA-1", "MA-2", "MA-3", "MA-4", "MA-5", "MA-6"]
Fault = Response | Callable[[Request], Awaitable[Response]]


class Feed:
    """`faults` holds what to answer to the n-th request for data, from 1, instead of a page;
    `asked` lists the queries, `headers` those that came to the security server, which says that it
    `answers_to` another message where a test wants it, and names `request_id`; `tokens` lists those
    given out, `requests` counts everything."""

    def __init__(self) -> None:
        self.url = ""
        self.reset([])

    def reset(self, rows: list[dict[str, Any]]) -> None:
        self.rows, self.faults = rows, dict[int, Fault]()
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.headers: list[Headers] = []
        self.answers_to, self.request_id = "", REQUEST_ID
        self.tokens: list[str] = []
        self.expired: set[int] = set()
        self.requests = 0
        self.token_answer: Response | None = None

    def page(self, number: int, size: int, **changes: Any) -> dict[str, Any]:
        """A page by the contract, with `changes` to its envelope."""
        data = self.rows[(number - 1) * size : number * size]
        pages = max(1, -(-len(self.rows) // size))
        envelope = {"error_code": "0", "message": "", "page": number, "pages": pages}
        return {**envelope, "total": len(self.rows), "data": data, **changes}

    async def give_token(self, request: Request) -> Response:
        self.requests += 1
        expected = "Basic " + b64encode(f"thu_nghiem:{SECRET}".encode()).decode()
        form = (await request.body()).decode()
        if request.headers["Authorization"] != expected or form != "grant_type=client_credentials":
            return Response(status_code=401)
        self.tokens.append(f"token-number-{len(self.tokens) + 1}")
        good = {"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600}
        return self.token_answer or JSONResponse(good)

    async def give_page(self, request: Request) -> Response:
        turn = len(self.asked) + 1
        expected = f"Bearer {self.tokens[-1]}"
        if request.headers["Authorization"] != expected or turn in self.expired:
            self.note(request)
            return Response(status_code=401)
        return await self.answer(request)

    async def give_through_security_server(self, request: Request) -> Response:
        self.headers.append(request.headers)
        response = await self.answer(request)
        if "X-Road-Error" not in response.headers:
            response.headers["X-Road-Id"] = self.answers_to or request.headers["X-Road-Id"]
            response.headers["X-Road-Request-Id"] = self.request_id
        return response

    def note(self, request: Request) -> None:
        self.requests += 1
        self.asked.append(dict(request.query_params))
        self.paths.append(request.url.path)

    async def answer(self, request: Request) -> Response:
        self.note(request)
        fault = self.faults.get(len(self.asked))
        if isinstance(fault, Response):
            return fault
        if fault:
            return await fault(request)
        page, size = (int(request.query_params[name]) for name in ("page", "page_size"))
        return JSONResponse(self.page(page, size))


@contextmanager
def serving(application: Starlette, **tls: Any) -> Iterator[str]:
    """The address of `application`, served on loopback as long as the context is open; over TLS
    by the words of uvicorn."""
    config = uvicorn.Config(application, port=0, log_level="critical", ws="none", **tls)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def server() -> Iterator[Feed]:
    feed = Feed()
    routes = [
        Route("/token", feed.give_token, methods=["POST"]),
        Route("/{service}", feed.give_page),
        Route(f"/r1/{PROVIDER}/{{service}}", feed.give_through_security_server),
    ]
    with serving(Starlette(routes=routes)) as feed.url:
        yield feed


@pytest.fixture
def feed(server: Feed, monkeypatch: pytest.MonkeyPatch) -> Feed:
    """The feed with seven fictitious rows and short waits."""
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", SECRET)
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)
    server.reset([{"MaHoSo": f"MA-{n}", "TrichYeuHoSo": MARK} for n in range(7)])
    return server


@pytest.fixture
def declare(feed: Feed) -> Declare:
    """Declares a source that reads the feed three rows a page, with changes."""
    usual = {
        "source_id": "thu_nghiem",
        "name_vi": "Thử nghiệm",
        "area": "X-TEST",
        "platform": "lgsp_json",
        "url": feed.url,
        "secret": "THU_NGHIEM",
        "xroad": {"client": CLIENT, "service": PROVIDER},
        "starts_on": dt.date(2026, 1, 1),
        "legal_basis": "không có",
        "page_size": 3,
        "timeout_seconds": 5,
        "requests_per_second": 10_000,
    }
    return lambda **changes: Source.model_validate({**usual, **changes})


class Shelf:
    """Stores pages as the landing does."""

    def __init__(self) -> None:
        self.pages: list[bytes] = []

    def land(self, content: bytes) -> str:
        self.pages.append(content)
        return hashlib.sha256(content).hexdigest()

    def codes(self, source: Source) -> list[str]:
        return [row["MaHoSo"] for page in self.pages for row in read(source, "dossier", page)]


def run(source: Source, cursor: str = "", record: str = "dossier") -> tuple[Delivery, Shelf]:
    shelf = Shelf()
    return collect(source, record, NIGHT, cursor, shelf.land), shelf


def fails(source: Source, kind: type[SourceError], record: str = "dossier") -> str:
    with pytest.raises(kind) as caught:
        run(source, record=record)
    told = "".join(traceback.format_exception(caught.value))
    for hidden in (SECRET, MARK, "token-number"):
        assert hidden not in told
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return str(caught.value)


def drift(source: Source, pages: list[bytes], record: str = "dossier") -> str:
    """What conform says of collected pages in which a column goes by another name."""
    read_again = [(str(n), read(source, record, page)) for n, page in enumerate(pages)]
    with pytest.raises(SchemaDrift) as caught:
        conform(source, records()[record], NIGHT, read_again, b"key")
    assert MARK not in str(caught.value)
    return str(caught.value)
