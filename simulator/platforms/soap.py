"""The feeds as SOAP operations behind a security server, after catalog/contracts/motcua.wsdl."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.settings import settings
from catalog.sources import Source
from simulator.answers import refusal
from simulator.desk import Desk
from simulator.envelopes import WSDL, XROAD, Asked, Malformed, answer, asked, fault, fits
from simulator.feed import SERVICES, Call, call_of, offers

WORDS = {
    "TuNgay": "changed_since",
    "DenNgay": "until",
    "Thang": "month",
    "Trang": "page",
    "SoDong": "page_size",
}
"""The contract's names of what a query says."""


def application(desk: Desk) -> Starlette:
    window = Window(desk)
    return Starlette(
        routes=[
            Route("/soap", window.contract, methods=["GET"]),
            Route("/soap", window.call, methods=["POST"]),
        ]
    )


class Window:
    """Answers for the sources of this platform."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def contract(self, request: Request) -> Response:
        """``GET /<slug>/soap?wsdl``: the pinned contract."""
        if "wsdl" not in request.query_params:
            return refusal(405, "Chỉ nhận POST")
        return Response(WSDL.read_bytes(), media_type="text/xml; charset=utf-8")

    async def call(self, request: Request) -> Response:
        """``POST /<slug>/soap``: past the security server to the operation that is asked for."""
        slug = request.path_params["slug"]
        try:
            question = asked(await request.body())
        except Malformed:
            return fault("Client.InvalidSoap", "Không phải phong bì SOAP")
        source = self.desk.sources("soap")[slug]
        stopped = _stopped(source, question)
        if stopped:
            return stopped
        if not fits(question.body):
            return _refused("YEU_CAU_SAI", "Tham số không hợp lệ")
        if question.operation == "DangNhap":
            return self.log_in(source, question)
        if not self.desk.tokens.accepts(slug, f"Bearer {question.session}"):
            return _expired()
        return await self.page(source, question)

    def log_in(self, source: Source, question: Asked) -> Response:
        words, known = question.words(), settings().secret(source.secret)
        is_secret = secrets.compare_digest(words["MatKhau"].encode(), known.encode())
        if words["TenDangNhap"] != (source.user or source.source_id) or not is_secret:
            return _refused("TU_CHOI", "Sai thông tin đăng nhập")
        session = self.desk.tokens.make(source.source_id)
        return answer(question, {"MaLoi": "0", "ThongBao": "", "PhienLamViec": session})

    async def page(self, source: Source, question: Asked) -> Response:
        query = {WORDS[name]: value for name, value in question.words().items()}
        record, slug = SERVICES[question.operation], source.source_id
        forget = partial(self.desk.tokens.forget, slug)
        try:
            call = call_of(self.desk.nation, slug, record, query)
        except ValueError:
            return _refused("YEU_CAU_SAI", "Tham số không hợp lệ")
        asked = Operation(record, call.window, call.page, call.page_size, forget, question)
        return await self.desk.faults.answer(slug, asked)


@dataclass(frozen=True)
class Operation(Call):
    """A call that is answered in an envelope."""

    question: Asked

    def answer(self, **changes: Any) -> Response:
        body = self.body(**changes)
        counts = {"Trang": body["page"], "TongSoTrang": body["pages"], "TongSo": body["total"]}
        texts = {name: str(count) for name, count in counts.items()}
        content = {"MaLoi": "0", "ThongBao": "", **texts, "DanhSach": body["data"]}
        return answer(self.question, content)

    def expired(self) -> Response:
        return _expired()


def _stopped(source: Source, question: Asked) -> Response | None:
    """The fault with which a security server stops a call, if it does."""
    operation, xroad = question.operation, source.xroad
    record = SERVICES.get(operation, "")
    if not xroad or (operation != "DangNhap" and not offers(source, record)):
        return fault("Server.ServerProxy.UnknownService", "Không có dịch vụ này")
    if question.header(f"{XROAD}protocolVersion") != "4.0" or not question.header(f"{XROAD}id"):
        return fault("Client.MissingHeaderField", "Thiếu tiêu đề X-Road")
    if question.header(f"{XROAD}client") != xroad.client:
        return fault("Server.ServerProxy.AccessDenied", "Không được phép gọi")
    if question.header(f"{XROAD}service") != f"{xroad.service}/{operation}":
        return fault("Server.ServerProxy.UnknownService", "Không có dịch vụ này")
    return None


def _expired() -> Response:
    return _refused("HET_PHIEN", "Phiên đã hết hạn")


def _refused(code: str, message: str) -> Response:
    side = "Server" if code == "LOI_NOI_BO" else "Client"
    return fault(f"soap:{side}", message, {"MaLoi": code})
