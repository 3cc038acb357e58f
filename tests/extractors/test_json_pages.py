"""The platforms that send JSON pages when the source fails: what is asked again, what is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import stamina.instrumentation
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from catalog.errors import (
    DeliveryBroken,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from extractors import read
from tests.extractors.conftest import MARK, ROWS, Declare, Feed, drift, fails, run


@pytest.fixture(params=["lgsp_json", "xroad_rest"])
def declare(request: pytest.FixtureRequest, declare: Declare) -> Declare:
    """Declares a source of each platform in turn."""
    return partial(declare, platform=request.param)


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


def test_a_night_that_broke_off_is_fetched_whole_from_the_same_cursor(
    declare: Declare, feed: Feed
) -> None:
    feed.faults = dict.fromkeys(range(2, 9), Response(b"{"))
    fails(declare(attempts=2), DeliveryBroken)
    feed.reset(feed.rows)
    delivery, shelf = run(declare(), cursor="20261122000000")
    assert shelf.codes(declare()) == ROWS
    assert feed.asked[0]["changed_since"] == "20261121230000"
    assert delivery.cursor_after == "20261123000000"


def test_a_column_under_another_name_is_drift(declare: Declare, feed: Feed) -> None:
    feed.reset([{"MaHS": MARK}])
    _, shelf = run(declare())
    assert list(read(declare(), "dossier", shelf.pages[0])) == [{"MaHS": MARK}]
    assert "MaHoSo" in drift(declare(), shelf.pages)


def test_json_is_utf_8_whatever_the_header_declares(declare: Declare, feed: Feed) -> None:
    feed.reset([{"MaHoSo": "Đã"}])
    whole = JSONResponse(feed.page(1, 3)).body
    feed.faults = {1: Response(whole, media_type="application/json; charset=windows-1258")}
    assert run(declare())[1].codes(declare()) == ["Đã"]
    in_1258 = bytes(whole).replace("Đã".encode(), "Đa\u0303".encode("windows-1258"))
    feed.faults = {2: Response(in_1258, media_type="application/json; charset=utf-8")}
    assert "UnicodeDecodeError" in fails(declare(attempts=1), DeliveryBroken)


def test_the_keys_of_a_month_come_whole_and_leave_the_cursor(declare: Declare, feed: Feed) -> None:
    delivery, _ = run(declare(), cursor="2026-10", record="dossier_key")
    assert set(feed.asked[0].items()) == {
        ("month", "202610"),
        ("until", "20261123000000"),
        ("page", "1"),
        ("page_size", "3"),
    }
    assert feed.paths[0].endswith("/DanhSachMaHoSo")
    assert (delivery.rows, delivery.cursor_after) == (7, "2026-10")


@pytest.mark.parametrize(
    ("record", "service"),
    [("dossier_event", "CapNhatTienDoHoSoMC"), ("rating", "DongBoDanhGia")],
)
def test_each_record_kind_has_its_service(
    declare: Declare, feed: Feed, record: str, service: str
) -> None:
    run(declare(), record=record)
    assert {path.rpartition("/")[2] for path in feed.paths} == {service}
