"""The nation's feeds over HTTP on loopback, after the lgsp_json contract."""

from __future__ import annotations

import secrets
from functools import partial
from urllib.parse import parse_qs

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.settings import settings
from simulator.faults import Fault, Faults
from simulator.feed import SERVICES, Call, moment, positive, refusal, reply
from simulator.nation import Nation
from simulator.tokens import Tokens, basic

LOOPBACK = "127.0.0.1"


class Desk:
    """Answers for all sources of one nation."""

    def __init__(self, nation: Nation, token_seconds: int) -> None:
        self.nation = nation
        self.tokens = Tokens(token_seconds)
        self.faults = Faults()

    async def token(self, request: Request) -> Response:
        """``POST /<slug>/token``: HTTP Basic in, a bearer token out."""
        slug = request.path_params["slug"]
        source = self.nation.sources.get(slug)
        if source is None:
            return refusal(404, "Không có hệ thống này")
        client, secret = basic(request.headers.get("Authorization", ""))
        known = settings().secret(source.secret).encode()
        if client != slug or not secrets.compare_digest(secret.encode(), known):
            return refusal(401, "Sai thông tin đăng nhập")
        form = parse_qs((await request.body()).decode("ascii", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return refusal(400, "grant_type phải là client_credentials")
        token = self.tokens.make(slug)
        expiry = self.tokens.seconds
        return reply({"access_token": token, "token_type": "Bearer", "expires_in": expiry})

    async def feed(self, request: Request) -> Response:
        """``GET /<slug>/<service>``: one page of what changed."""
        slug, record = request.path_params["slug"], SERVICES.get(request.path_params["service"])
        source = self.nation.sources.get(slug)
        if source is None or record not in source.records:
            return refusal(404, "Không có dịch vụ này")
        if not self.tokens.accepts(slug, request.headers.get("Authorization", "")):
            return refusal(401, "Phiên đã hết hạn", **{"WWW-Authenticate": "Bearer"})
        try:
            call = self.call(slug, record, request)
        except (KeyError, ValueError):
            return refusal(400, "Tham số không hợp lệ")
        return await self.faults.answer(slug, call)

    def call(self, slug: str, record: str, request: Request) -> Call:
        """The call that the query describes. Raises KeyError or ValueError."""
        query = request.query_params
        since, until = moment(query["changed_since"]), moment(query["until"])
        page, page_size = positive(query["page"]), positive(query["page_size"])
        window = self.nation.window(slug, record, since, until)
        return Call(window, page, page_size, partial(self.tokens.forget, slug))

    async def put_fault(self, request: Request) -> Response:
        """``POST /_faults/<slug>``."""
        try:
            fault = msgspec.json.decode(await request.body(), type=Fault)
            self.faults.put(request.path_params["slug"], fault)
        except (msgspec.MsgspecError, ValueError) as error:
            return refusal(400, str(error))
        return Response(status_code=204)

    async def remove_fault(self, request: Request) -> Response:
        """``DELETE /_faults/<slug>``."""
        self.faults.remove(request.path_params["slug"])
        return Response(status_code=204)

    async def health(self, request: Request) -> Response:
        """``GET /_health``: what nation this is."""
        nation = self.nation
        size = {"dossiers": nation.dossiers, "seed": nation.seed, "sources": len(nation.sources)}
        return reply({"status": "ok", "opens_on": nation.opens_on.isoformat(), **size})


def application(nation: Nation, token_seconds: int = 3600) -> Starlette:
    """The ASGI application that answers for every source of `nation`."""
    desk = Desk(nation, token_seconds)
    return Starlette(
        routes=[
            Route("/_health", desk.health),
            Route("/_faults/{slug}", desk.put_fault, methods=["POST"]),
            Route("/_faults/{slug}", desk.remove_fault, methods=["DELETE"]),
            Route("/{slug}/token", desk.token, methods=["POST"]),
            Route("/{slug}/{service}", desk.feed),
        ]
    )


def serve(nation: Nation, port: int, host: str = LOOPBACK) -> None:
    """Serve `nation` until the process is told to stop; a container may name a host."""
    uvicorn.run(application(nation), host=host, port=port, log_level="critical")
