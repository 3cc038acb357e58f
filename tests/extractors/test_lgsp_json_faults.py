"""The lgsp_json platform when the source fails: what is asked again, and what is told."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import stamina.instrumentation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from catalog.errors import (
    DeliveryBroken,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from extractors import read
from tests.extractors.conftest import MARK, ROWS, Declare, Feed, fails, run


@pytest.mark.parametrize("status", [302, 400, 403, 404, 422])
def test_a_refusal_is_not_retried(declare: Declare, feed: Feed, status: int) -> None:
    feed.faults = {1: Response(MARK, status_code=status, headers={"Location": "/login"})}
    assert f"answered {status}" in fails(declare(), SourceRefused)
    assert len(feed.asked) == 1


def test_a_500_is_asked_again(declare: Declare, feed: Feed) -> None:
    feed.faults = {2: Response(status_code=500), 3: Response(status_code=502)}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert [p.attempts for p in delivery.landed] == [1, 3, 1]
    assert [query["page"] for query in feed.asked] == ["1", "2", "2", "2", "3"]


def test_a_500_that_stays_makes_the_source_unavailable(declare: Declare, feed: Feed) -> None:
    feed.faults = {n: Response(MARK, status_code=500) for n in range(1, 9)}
    assert "answered 500" in fails(declare(attempts=3), SourceUnavailable)
    assert len(feed.asked) == 3


def test_throttling_is_waited_out_as_the_source_asks(declare: Declare, feed: Feed) -> None:
    feed.faults = {1: Response(status_code=429, headers={"Retry-After": "1"})}
    waits: list[float] = []
    hooks = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks([lambda retry: waits.append(retry.wait_for)])
    try:
        delivery, _ = run(declare())
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)
    assert (waits, delivery.rows, delivery.attempts) == ([1.0], 7, 4)


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_that_stays_is_told_apart(declare: Declare, feed: Feed, status: int) -> None:
    feed.faults = {n: Response(status_code=status, headers={"Retry-After": "0"}) for n in (1, 2)}
    assert f"answered {status}" in fails(declare(attempts=2), SourceThrottled)
    assert len(feed.asked) == 2


async def _late(request: Request) -> Response:
    await asyncio.sleep(0.6)
    return Response()


async def _trickle(request: Request) -> Response:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(20):
            await asyncio.sleep(0.05)
            yield b" "

    return StreamingResponse(drops())


@pytest.mark.parametrize("slow", [_late, _trickle])
def test_a_slow_answer_is_given_up(declare: Declare, feed: Feed, slow: Any) -> None:
    feed.faults = {2: slow}
    fails(declare(attempts=1, timeout_seconds=0.3), SourceUnavailable)
    feed.reset(feed.rows)
    feed.faults = {2: slow}
    delivery, _ = run(declare(attempts=2, timeout_seconds=0.3))
    assert (delivery.rows, delivery.landed[1].attempts) == (7, 2)


def test_nobody_listening_makes_the_source_unavailable(declare: Declare) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = declare(url=f"http://127.0.0.1:{port}", attempts=2)
    assert "no answer (ConnectError)" in fails(source, SourceUnavailable)


async def _hang_up(request: Request) -> Response:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"error_code": "0", '

    return StreamingResponse(half(), headers={"Content-Length": "5000"})


def broken_answers(feed: Feed) -> dict[str, Any]:
    """What can be wrong with the second of three pages, by a word of the message."""
    whole = json.dumps(feed.page(2, 3)).encode()
    return {
        "HTML": HTMLResponse(f"<!doctype html><title>{MARK}</title>"),
        "cut or unexpected": Response(whole[: len(whole) // 2]),
        "UnicodeDecodeError": Response(whole.replace(MARK.encode(), b"\xff")),
        "cut off after": _hang_up,
        "repeats an earlier": JSONResponse(feed.page(1, 3, page=2)),
        "another page's number": JSONResponse(feed.page(1, 3)),
        "other counts": JSONResponse(feed.page(2, 3, total=8)),
        "error_code 99": JSONResponse({"error_code": "99", "message": MARK}),
        "error_code -3": JSONResponse({"error_code": -3, "message": MARK}),
        "not a number": JSONResponse({"error_code": MARK}),
        "ValidationError": JSONResponse(feed.page(2, 3, data={MARK: MARK})),
        "RecursionError": Response(b'{"error_code": "0", "data": ' + b"[" * 100_000),
    }


@pytest.mark.parametrize("word", broken_answers(Feed()))
def test_a_broken_page_is_asked_again_and_then_told(
    declare: Declare, feed: Feed, word: str
) -> None:
    fault = broken_answers(feed)[word]
    feed.faults = {2: fault}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert delivery.landed[1].attempts == 2
    feed.reset(feed.rows)
    feed.faults = dict.fromkeys(range(2, 9), fault)
    assert word in fails(declare(attempts=2), DeliveryBroken)
    assert len(feed.asked) == 3


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, 300), length=st.integers(0, 40), instead=st.binary(max_size=8))
def test_damage_anywhere_in_a_page_is_a_broken_delivery_or_harmless(
    declare: Declare, feed: Feed, start: int, length: int, instead: bytes
) -> None:
    feed.reset(feed.rows)
    whole = json.dumps(feed.page(1, 3)).encode()
    feed.faults = {1: Response(whole[:start] + instead + whole[start + length :])}
    source = declare(attempts=1)
    try:
        _, shelf = run(source)
    except DeliveryBroken:
        return
    rows = [row for page in shelf.pages for row in read(source, "dossier", page)]
    assert len(rows) == 7


def test_fewer_rows_than_announced_break_the_delivery_at_its_end(
    declare: Declare, feed: Feed
) -> None:
    feed.faults = {n: JSONResponse(feed.page(n, 3, total=9)) for n in (1, 2, 3)}
    assert "7 rows came in 3 pages where 9" in fails(declare(), DeliveryBroken)
    assert len(feed.asked) == 3


def test_a_page_above_the_limit_is_neither_read_to_its_end_nor_asked_again(
    declare: Declare, feed: Feed
) -> None:
    sent = 0

    async def huge(request: Request) -> Response:
        async def zeros() -> AsyncIterator[bytes]:
            nonlocal sent
            while sent < 1000:
                sent += 1
                await asyncio.sleep(0)
                yield b"0" * 65536

        return StreamingResponse(zeros())

    feed.faults = {1: huge}
    assert "larger than 10000 bytes" in fails(declare(max_page_bytes=10_000), DeliveryBroken)
    assert len(feed.asked) == 1
    assert sent < 1000
