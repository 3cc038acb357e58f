"""A letter, the settings of a sender, and real servers on loopback that take it."""

from __future__ import annotations

import datetime as dt
import email.policy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from catalog.settings import settings
from feedback.channels import Letter
from tests.feedback.nights import MONDAY

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
    """A mail server's side: `answers` are given to RCPT before it takes mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []

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
        self.mails.append(BytesParser(policy=email.policy.default).parsebytes(content))
        return "250 taken"


@contextmanager
def mail_server(office: Office, port: int) -> Iterator[None]:
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


Application = Callable[..., Any]


@contextmanager
def web_server(application: Application) -> Iterator[str]:
    """Its address, while it runs."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
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
