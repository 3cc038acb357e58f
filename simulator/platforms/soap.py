"""The feeds as SOAP operations behind a security server, after catalog/contracts/motcua.wsdl."""

from __future__ import annotations

import secrets

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.settings import settings
from catalog.sources import Source
from simulator.answers import refusal
from simulator.desk import Desk
from simulator.envelopes import WSDL, XROAD, Asked, Malformed, answer, asked, fault, fits
from simulator.feed import SERVICES, Call, call_of

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
        spoilt = await self.desk.spoilt(slug)
        if spoilt:
            return spoilt
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
            return _refused("HET_PHIEN", "Phiên đã hết hạn")
        return self.page(source, question)

    def log_in(self, source: Source, question: Asked) -> Response:
        words, known = question.words(), settings().secret(source.secret)
        is_secret = secrets.compare_digest(words["MatKhau"].encode(), known.encode())
        if words["TenDangNhap"] != (source.user or source.source_id) or not is_secret:
            return _refused("TU_CHOI", "Sai thông tin đăng nhập")
        session = self.desk.tokens.make(source.source_id)
        return answer(question, {"MaLoi": "0", "ThongBao": "", "PhienLamViec": session})

    def page(self, source: Source, question: Asked) -> Response:
        query = {WORDS[name]: value for name, value in question.words().items()}
        record = SERVICES[question.operation]
        try:
            call = call_of(self.desk.nation, source.source_id, record, query)
        except ValueError:
            return _refused("YEU_CAU_SAI", "Tham số không hợp lệ")
        return answer(question, _content(call))


def _content(call: Call) -> dict[str, object]:
    body = call.body()
    counts = {"Trang": body["page"], "TongSoTrang": body["pages"], "TongSo": body["total"]}
    texts = {name: str(count) for name, count in counts.items()}
    return {"MaLoi": "0", "ThongBao": "", **texts, "DanhSach": body["data"]}


def _stopped(source: Source, question: Asked) -> Response | None:
    """The fault with which a security server stops a call, if it does."""
    operation, xroad = question.operation, source.xroad
    record = SERVICES.get(operation, "")
    offered = {*source.records, *({"dossier_key"} if "dossier" in source.records else ())}
    if not xroad or (operation != "DangNhap" and record not in offered):
        return fault("Server.ServerProxy.UnknownService", "Không có dịch vụ này")
    if question.header(f"{XROAD}protocolVersion") != "4.0" or not question.header(f"{XROAD}id"):
        return fault("Client.MissingHeaderField", "Thiếu tiêu đề X-Road")
    if question.header(f"{XROAD}client") != xroad.client:
        return fault("Server.ServerProxy.AccessDenied", "Không được phép gọi")
    if question.header(f"{XROAD}service") != f"{xroad.service}/{operation}":
        return fault("Server.ServerProxy.UnknownService", "Không có dịch vụ này")
    return None


def _refused(code: str, message: str) -> Response:
    side = "Server" if code == "LOI_NOI_BO" else "Client"
    return fault(f"soap:{side}", message, {"MaLoi": code})
