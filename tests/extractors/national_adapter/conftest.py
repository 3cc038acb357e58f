"""The national portal on loopback, behind the address of its exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalog.sources import Source
from extractors import read
from tests.extractors.conftest import MARK, SECRET, Declare, fails, run, serving

PATH = "/XrdAdapter/RestService/forward"
EXCHANGE = "VN:GOV:000.00.00.G22:vpcpdvcprovider"
CODES = [f"MA-{n}" for n in range(7)]


class Portal:
    """`faults` holds what to answer to the n-th request for data, from 1, instead of a page;
    `bodies` lists what was asked, `sessions` those given out."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.rows: list[Any] = [{"MATTHC": code, "TENTTHC": MARK} for code in CODES]
        self.faults: dict[int, Response | Callable[[], Response]] = {}
        self.bodies: list[dict[str, Any]] = []
        self.sessions: list[str] = []
        self.login_answer: Response | None = None
        self.user = "thu_nghiem"

    def page(self, number: int, size: int = 3, **changes: Any) -> dict[str, Any]:
        data = self.rows[(number - 1) * size : number * size]
        pages = max(1, -(-len(self.rows) // size))
        envelope = {"error_code": 0, "message": "Thành công", "trang": number}
        return {**envelope, "tongsotrang": pages, "tongso": len(self.rows), "data": data, **changes}

    async def log_in(self, request: Request) -> Response:
        body = await request.json()
        if request.query_params["dstcode"] != EXCHANGE:
            return Response(status_code=404)
        if body != {"username": self.user, "password": SECRET}:
            return JSONResponse({"error_code": 1, "message": f"Sai mật khẩu {MARK}"})
        self.sessions.append(f"token-number-{len(self.sessions) + 1}")
        return self.login_answer or JSONResponse({"error_code": 0, "session": self.sessions[-1]})

    async def give(self, request: Request) -> Response:
        body = await request.json()
        self.bodies.append(body)
        fault = self.faults.get(len(self.bodies))
        if fault:
            return fault if isinstance(fault, Response) else fault()
        if body["session"] != self.sessions[-1]:
            return expired()
        query = body["data"][0]
        return JSONResponse(self.page(int(query["trang"]), int(query["sodong"])))


def expired() -> Response:
    return JSONResponse({"error_code": 99, "message": "Phiên làm việc đã hết hạn"})


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    portal = Portal()
    routes = [
        Route(f"{PATH}/mapi/login", portal.log_in, methods=["POST"]),
        Route(f"{PATH}/mapi/g", portal.give, methods=["POST"]),
    ]
    with serving(Starlette(routes=routes)) as address:
        portal.url = f"{address}{PATH}?dstcode={EXCHANGE}"
        yield portal


@pytest.fixture
def portal(served: Portal) -> Portal:
    served.reset()
    return served


@pytest.fixture
def declare(declare: Declare, portal: Portal) -> Declare:
    speaks = {"platform": "national_adapter", "url": portal.url}
    about = {"area": "G22", "reports_for": ["provinces", "ministries"]}
    usual = {**speaks, **about, "attempts": 2}
    return lambda **changes: declare(**{**usual, **changes})


pull = partial(run, record="procedure")
breaks = partial(fails, record="procedure")


def codes(source: Source, pages: list[bytes]) -> list[str]:
    return [row["MATTHC"] for page in pages for row in read(source, "procedure", page)]
