"""The national portal's envelope behind its adapter: login, a session in the body, a `service`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.settings import settings
from catalog.sources import Source
from simulator.answers import refusal, reply
from simulator.desk import Desk
from simulator.feed import Call, call_of

SERVICES = {
    "LayDanhSachTTHC": "procedure",
    "LayDanhMucCoQuan": "agency",
    "DongBoDanhGia": "rating",
    "DongBoTrangThaiHoSo": "portal_dossier",
}
"""The services by name, and the record kind that each delivers."""
WORDS = {"changed_since": "tungay", "until": "denngay", "page": "trang", "page_size": "sodong"}
NAMES = {"page": "trang", "pages": "tongsotrang", "total": "tongso"}


class Login(msgspec.Struct):
    """Who wants a session."""

    username: str
    password: str


class Asked(msgspec.Struct):
    """The envelope of a question."""

    session: str
    madonvi: str
    service: str
    isUpdating: str
    data: list[dict[str, str]]
    type: str = ""


@dataclass(frozen=True)
class NationalCall(Call):
    """A call that is answered in the portal's envelope."""

    def body(self, **changes: Any) -> dict[str, Any]:
        return {NAMES.get(name, name): part for name, part in super().body(**changes).items()}

    def expired(self) -> Response:
        return told(99, "Phiên làm việc đã hết hạn")


def application(desk: Desk) -> Starlette:
    adapter = Adapter(desk)
    return Starlette(
        routes=[
            Route("/mapi/login", adapter.log_in, methods=["POST"]),
            Route("/mapi/g", adapter.give, methods=["POST"]),
        ]
    )


def told(code: int, message: str) -> Response:
    """An answer that says no, with status 200 as the portal says everything."""
    return reply({"error_code": code, "message": message})


class Adapter:
    """Answers for the sources of this platform."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def log_in(self, request: Request) -> Response:
        """``POST /<slug>/mapi/login``: name and password in, a session out."""
        slug = request.path_params["slug"]
        source = self.desk.sources("national_adapter").get(slug)
        if source is None:
            return refusal(404, "Không có hệ thống này")
        try:
            login = msgspec.json.decode(await request.body(), type=Login)
        except msgspec.MsgspecError:
            return told(1, "Tham số không hợp lệ")
        known = settings().secret(source.secret).encode()
        is_known = secrets.compare_digest(login.password.encode(), known)
        if login.username != (source.user or slug) or not is_known:
            return told(2, "Sai thông tin đăng nhập")
        return reply({"error_code": 0, "session": self.desk.tokens.make(slug)})

    async def give(self, request: Request) -> Response:
        """``POST /<slug>/mapi/g``: one page of what changed."""
        slug = request.path_params["slug"]
        source = self.desk.sources("national_adapter").get(slug)
        if source is None:
            return refusal(404, "Không có hệ thống này")
        try:
            asked = msgspec.json.decode(await request.body(), type=Asked)
            if not self.desk.tokens.accepts(slug, f"Bearer {asked.session}"):
                return told(99, "Phiên làm việc đã hết hạn")
            call = self._call(source, asked)
        except (msgspec.MsgspecError, KeyError, ValueError):
            return told(1, "Tham số không hợp lệ")
        return await self.desk.faults.answer(slug, call)

    def _call(self, source: Source, asked: Asked) -> NationalCall:
        record, [question] = SERVICES[asked.service], asked.data
        is_ours = asked.madonvi == source.area and asked.isUpdating == "False"
        if not is_ours or record not in source.records:
            raise ValueError("not a question to this system")
        if record == "portal_dossier" and asked.type != "2":
            raise ValueError("the state of dossiers has type 2")
        query = {name: question[word] for name, word in WORDS.items()}
        forget = partial(self.desk.tokens.forget, source.source_id)
        call = call_of(self.desk.nation, source.source_id, record, query, forget)
        return NationalCall(record, call.window, call.page, call.page_size, forget)
