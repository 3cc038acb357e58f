"""A letter, the settings of a sender, and real servers on loopback that take it."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import email.policy
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from catalog.settings import settings
from feedback.channels import Letter
from tests.feedback.nights import MONDAY

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
AT = dt.datetime(2026, 10, 6, 1, tzinfo=dt.UTC)
LETTER = Letter(
    "a1b2", "H26", MONDAY, "digest", "[DEMO] Dữ liệu một cửa", "Kính gửi Hà Nội\n",
    "<p>Kính gửi Hà Nội</p>\n", {"type": "motcua.digest", "data": {"area": "Hà Nội"}},
)  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def configure(patch: pytest.MonkeyPatch, **environment: object) -> None:
    """Settings as if the environment said so."""
    for name, value in environment.items():
        patch.setenv(f"MOTCUA_{name.upper()}", str(value))
    settings.cache_clear()


class Office:
    """A mail server's side: `answers` are given to RCPT before it takes mail, each of which takes
    it so many `seconds`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.seconds = 0.0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        assert isinstance(content, bytes)
        await asyncio.sleep(self.seconds)
        self.mails.append(BytesParser(policy=email.policy.default).parsebytes(content))
        return "250 taken"


@contextmanager
def mail_server(office: Office, port: int, **how: Any) -> Iterator[None]:
    """`how` is what aiosmtpd knows of encryption and login."""
    controller = Controller(office, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


Application = Callable[..., Any]


@contextmanager
def web_server(application: Application, port: int = 0) -> Iterator[str]:
    """Its address, while it runs; by itself at any port that is free."""
    with closing(socket.create_server(("127.0.0.1", port))) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


Answer = Callable[[], Awaitable[Response]]


class Receiver:
    """What a province runs: it verifies, and then answers as a test wants, at last with 204."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.ids: list[str] = []
        self.statuses: list[int] = []
        self.answers: list[Response | Answer] = []

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        try:
            self.taken.append(Webhook(SECRET).verify(body, dict(request.headers)))
        except WebhookVerificationError:
            return PlainTextResponse("not signed", 401)
        self.ids.append(request.headers["webhook-id"])
        answer = self.answers.pop(0) if self.answers else Response(status_code=204)
        answer = answer if isinstance(answer, Response) else await answer()
        self.statuses.append(answer.status_code)
        return answer

    def application(self) -> Starlette:
        """At any path, so that one where a redirect leads to would be seen."""
        return Starlette(routes=[Route("/{path:path}", self.__call__, methods=["GET", "POST"])])
