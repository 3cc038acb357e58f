"""The platforms that send JSON pages when what comes is cut, repeated, monstrous or no page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from catalog.errors import DeliveryBroken
from extractors import read
from tests.extractors.conftest import MARK, ROWS, Declare, Feed, fails, run


@pytest.fixture(params=["lgsp_json", "xroad_rest"])
def declare(request: pytest.FixtureRequest, declare: Declare) -> Declare:
    """Declares a source of each platform in turn."""
    return partial(declare, platform=request.param)


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
        "DecodeError": Response(whole.replace(f'"{MARK}"'.encode(), b"NaN")),
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
    assert "7 rows came in 3 pages, announced were 9" in fails(declare(), DeliveryBroken)
    assert len(feed.asked) == 3


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 5000])
def test_a_number_out_of_range_breaks_the_page(declare: Declare, feed: Feed, number: bytes) -> None:
    whole = json.dumps(feed.page(1, 3)).encode()
    for part in (f'"{MARK}"'.encode(), b"3", b"7"):
        feed.faults = dict.fromkeys(range(1, 9), Response(whole.replace(part, number, 1)))
        assert "unexpected JSON" in fails(declare(attempts=1), DeliveryBroken)


def test_of_a_name_given_twice_the_last_counts_in_checking_and_in_reading(
    declare: Declare, feed: Feed
) -> None:
    first, last = b'"data": [], "pages": 9', json.dumps(feed.page(1, 3)).encode()[1:]
    feed.faults = {1: Response(b"{" + first + b", " + last)}
    delivery, shelf = run(declare())
    assert (delivery.pages, shelf.codes(declare())) == (3, ROWS)
    doubled = [{"MaHoSo": "MA-1"}]
    content = json.dumps(feed.page(1, 3, data=doubled, pages=1, total=1)).encode()
    feed.reset(feed.rows)
    feed.faults = {1: Response(content.replace(b'{"MaHoSo"', b'{"MaHoSo": "MA-0", "MaHoSo"'))}
    assert run(declare())[1].codes(declare()) == ["MA-1"]
