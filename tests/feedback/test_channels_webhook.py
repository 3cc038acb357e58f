"""Webhooks, against a real receiver that verifies each signature as the standard says."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from catalog.errors import MessageUndelivered, NobodyAnswers
from catalog.feedback import Recipient
from catalog.settings import settings
from feedback import channels
from feedback.channels import deliver, webhook
from motcua.clock import now
from tests.feedback.letters import LETTER, SECRET, Answer, Receiver, configure, web_server


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, Recipient]]:
    configure(monkeypatch, hanoi_hook=SECRET)
    monkeypatch.setattr(channels, "FIRST_WAIT", 0.01)
    receiver = Receiver()
    with web_server(receiver.application()) as url:
        yield receiver, Recipient(channel="webhook", address=f"{url}/hook", secret="HANOI_HOOK")
    settings.cache_clear()


Given = tuple[Receiver, Recipient]


def refused(given: Given, *answers: Response | Answer) -> MessageUndelivered:
    receiver, to = given
    receiver.answers = list(answers)
    with pytest.raises(MessageUndelivered) as told:
        deliver(LETTER, to, now())
    return told.value


def test_the_message_arrives_signed_with_its_id(receiver: Given) -> None:
    office, to = receiver
    deliver(LETTER, to, now())
    assert office.taken == [LETTER.data]
    assert office.ids == ["a1b2"]


def test_a_receiver_that_fails_gets_the_same_id_again(receiver: Given) -> None:
    office, to = receiver
    office.answers = [Response(status_code=500), Response(status_code=429)]
    deliver(LETTER, to, now())
    assert office.ids == ["a1b2"] * 3


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_receiver_that_says_no_is_asked_once_a_run(receiver: Given, status: int) -> None:
    told = refused(receiver, PlainTextResponse("Nguyễn Văn A", status))
    assert (str(told), told.is_transient) == (f"webhook: answered {status}", False)
    assert len(receiver[0].ids) == 1


def test_a_redirect_is_not_followed(receiver: Given) -> None:
    elsewhere = Response(status_code=307, headers={"location": "/elsewhere"})
    assert str(refused(receiver, elsewhere)) == "webhook: answered 307"
    assert len(receiver[0].ids) == 1


def test_of_a_huge_answer_the_status_is_enough(receiver: Given) -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * 100_000
            await asyncio.sleep(0)

    receiver[0].answers = [StreamingResponse(endless())]
    deliver(LETTER, receiver[1], now())
    assert len(receiver[0].ids) == 1


def test_a_slow_answer_is_not_waited_for(receiver: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow() -> Response:
        await asyncio.sleep(2)
        return Response(status_code=204)

    monkeypatch.setattr(webhook, "SECONDS", 0.5)
    told = refused(receiver, slow, slow, slow)
    assert isinstance(told, NobodyAnswers)
    assert set(receiver[0].ids) == {"a1b2"}


def test_an_answer_that_drips_is_not_waited_for(
    receiver: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time for the socket, and the whole never."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_drip, args=(listener,), daemon=True)
        thread.start()
        monkeypatch.setattr(webhook, "SECONDS", 0.3)
        monkeypatch.setattr(channels, "ATTEMPTS", 1)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(NobodyAnswers, match="no answer in time"):
            deliver(LETTER, receiver[1].model_copy(update={"address": address}), now())
        thread.join(5)


def _drip(listener: Any) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        try:
            for _ in range(100):
                time.sleep(0.05)
                connection.sendall(b"x")
        except OSError:
            return


def test_a_host_that_is_not_allowed_hears_nothing(
    receiver: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, webhook_hosts="hooks.hanoi.example.vn")
    assert "MOTCUA_WEBHOOK_HOSTS" in str(refused(receiver))
    configure(monkeypatch, webhook_hosts="hooks.hanoi.example.vn")
    far = receiver[1].model_copy(update={"address": "https://hooks.hanoi.example.vn/"})
    assert "this machine alone" in str(refused((receiver[0], far)))
    assert receiver[0].ids == []


def test_nothing_is_sent_unsigned(receiver: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, demo=False, hanoi_hook="too plain")
    assert "does not start with whsec_" in str(refused(receiver))
    configure(monkeypatch, hanoi_hook="whsec_a")
    assert str(refused(receiver)) == "webhook: MOTCUA_HANOI_HOOK is no key"
    monkeypatch.delenv("MOTCUA_HANOI_HOOK")
    assert "MOTCUA_HANOI_HOOK" in str(refused(receiver))
    assert receiver[0].ids == []


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.vn/", "https://u:p@a.vn/", "https://a.vn/?key=1", "ftp://a.vn",
        "https:///x", "https://a.vn/#x", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_that_is_unsafe_or_holds_a_secret_is_refused(address: str) -> None:
    assert webhook.check(address)
    assert not webhook.check("https://hooks.example.vn/mot-cua")
