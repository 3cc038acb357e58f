"""JSON pages over HTTP behind client credentials, after the lgsp_json contract."""

from __future__ import annotations

import secrets
from functools import partial
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.settings import settings
from simulator.answers import refusal, reply
from simulator.desk import Desk
from simulator.feed import SERVICES, call_of, offers
from simulator.tokens import basic


def application(desk: Desk) -> Starlette:
    counter = Counter(desk)
    return Starlette(
        routes=[
            Route("/token", counter.token, methods=["POST"]),
            Route("/{service}", counter.feed),
        ]
    )


class Counter:
    """Answers for the sources of this platform."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def token(self, request: Request) -> Response:
        """``POST /<slug>/token``: HTTP Basic in, a bearer token out."""
        slug = request.path_params["slug"]
        source = self.desk.sources("lgsp_json").get(slug)
        if source is None:
            return refusal(404, "Không có hệ thống này")
        client, secret = basic(request.headers.get("Authorization", ""))
        known = settings().secret(source.secret).encode()
        if client != slug or not secrets.compare_digest(secret.encode(), known):
            return refusal(401, "Sai thông tin đăng nhập")
        form = parse_qs((await request.body()).decode("ascii", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return refusal(400, "grant_type phải là client_credentials")
        token = self.desk.tokens.make(slug)
        expiry = self.desk.tokens.seconds
        return reply({"access_token": token, "token_type": "Bearer", "expires_in": expiry})

    async def feed(self, request: Request) -> Response:
        """``GET /<slug>/<service>``: one page of what changed."""
        slug, record = request.path_params["slug"], SERVICES.get(request.path_params["service"])
        source = self.desk.sources("lgsp_json").get(slug)
        if source is None or record is None or not offers(source, record):
            return refusal(404, "Không có dịch vụ này")
        if not self.desk.tokens.accepts(slug, request.headers.get("Authorization", "")):
            return refusal(401, "Phiên đã hết hạn", **{"WWW-Authenticate": "Bearer"})
        forget = partial(self.desk.tokens.forget, slug)
        try:
            call = call_of(self.desk.nation, slug, record, request.query_params, forget)
        except (KeyError, ValueError):
            return refusal(400, "Tham số không hợp lệ")
        return await self.desk.faults.answer(slug, call)
