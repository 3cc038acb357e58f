"""The JSON pages of lgsp_json behind a security server (X-Road Message Protocol for REST, r1)."""

from __future__ import annotations

from urllib.parse import quote, unquote
from uuid import NAMESPACE_OID, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.sources import Source, XRoad
from simulator.answers import refusal, reply
from simulator.desk import Desk
from simulator.feed import SERVICES, call_of, offers


def application(desk: Desk) -> Starlette:
    return Starlette(routes=[Route("/r1/{path:path}", SecurityServer(desk).pass_on)])


def fault(code: str, status: int, message: str) -> Response:
    """A fault of the security server itself; `detail` identifies it in its log."""
    detail = str(uuid5(NAMESPACE_OID, code))
    body = {"type": code, "message": message, "detail": detail}
    return reply(body, status, **{"X-Road-Error": code})


class SecurityServer:
    """Passes on to the sources of this platform what their declared client asks."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def pass_on(self, request: Request) -> Response:
        """``GET /<slug>/r1/<service identifier>/<service>``: one page of what changed."""
        slug = request.path_params["slug"]
        source = self.desk.sources("xroad_rest").get(slug)
        if source is None or source.xroad is None:
            return refusal(404, "Không có hệ thống này")
        provider, _, service = request.path_params["path"].rpartition("/")
        record = SERVICES.get(service, "")
        spoilt = _fault(source, source.xroad, request, provider, record)
        return spoilt or _signed(await self._answer(slug, record, request), source.xroad, request)

    async def _answer(self, slug: str, record: str, request: Request) -> Response:
        try:
            call = call_of(self.desk.nation, slug, record, request.query_params)
        except (KeyError, ValueError):
            return refusal(400, "Tham số không hợp lệ")
        return await self.desk.faults.answer(slug, call)


def _fault(
    source: Source, xroad: XRoad, request: Request, provider: str, record: str
) -> Response | None:
    """Why the security servers do not let the request through, if they do not."""
    client = request.headers.get("X-Road-Client")
    if client is None:
        return fault("Client.BadRequest", 400, "Thiếu X-Road-Client")
    if provider != xroad.service:
        return fault("Server.ClientProxy.UnknownMember", 500, "Không có thành viên này")
    if unquote(client) != xroad.client:
        return fault("Server.ServerProxy.AccessDenied", 500, "Không được phép")
    if not offers(source, record):
        return fault("Server.ServerProxy.UnknownService", 500, "Không có dịch vụ này")
    return None


def _signed(response: Response, xroad: XRoad, request: Request) -> Response:
    """The provider's answer with what the security servers add."""
    message = request.headers.get("X-Road-Id") or str(uuid5(NAMESPACE_OID, str(request.url)))
    response.headers["X-Road-Id"] = message
    response.headers["X-Road-Request-Id"] = str(uuid5(NAMESPACE_OID, message))
    response.headers["X-Road-Client"] = quote(xroad.client)
    response.headers["X-Road-Service"] = quote(xroad.service)
    return response
