"""The national_adapter platform when the portal fails: what is asked again, and what is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Literal
from unicodedata import normalize

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from catalog.errors import (
    DeliveryBroken,
    SourceThrottled,
    SourceUnavailable,
)
from tests.extractors.conftest import MARK, Declare, drift
from tests.extractors.national_adapter.conftest import CODES, Portal, breaks, codes, pull


@pytest.mark.parametrize("code", [3, -3, "3", "-3"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_page_already_given_counts_by_its_rows(
    declare: Declare, portal: Portal, code: int | str, form: Literal["NFC", "NFD"]
) -> None:
    word = normalize(form, "Yêu cầu ĐÃ TỒN TẠI")
    portal.faults = {2: JSONResponse(portal.page(2, error_code=code, message=word))}
    delivery, shelf = pull(declare())
    assert codes(declare(), shelf.pages) == CODES
    assert delivery.attempts == 3


def test_a_page_already_given_that_does_not_come_is_not_the_end(
    declare: Declare, portal: Portal
) -> None:
    given = JSONResponse({"error_code": 3, "message": "Bản ghi đã tồn tại"})
    portal.faults = {2: given}
    assert pull(declare())[0].rows == 7
    portal.reset()
    portal.faults = dict.fromkeys(range(2, 9), given)
    assert "instead of a page" in breaks(declare(), DeliveryBroken)


def broken_answers() -> dict[str, Any]:
    """What can be wrong with the second of three pages, by a word of the message."""
    portal = Portal()
    whole = json.dumps(portal.page(2)).encode()

    def cut_off() -> Response:
        async def half() -> AsyncIterator[bytes]:
            yield whole[:20]

        return StreamingResponse(half(), headers={"Content-Length": "5000"})

    return {
        "HTML": HTMLResponse(f"<!doctype html><title>{MARK}</title>"),
        "cut or unexpected": Response(whole[: len(whole) // 2]),
        "UnicodeDecodeError": Response(whole.replace(MARK.encode(), "Đào".encode("cp1258"))),
        "DecodeError": Response(whole.decode().encode("utf-16")),
        "cut off after": cut_off,
        "repeats an earlier": JSONResponse(portal.page(1, trang=2)),
        "another page's number": JSONResponse(portal.page(1)),
        "other counts": JSONResponse(portal.page(2, tongso=8)),
        "error_code 99": JSONResponse({"error_code": "99", "message": MARK}),
        "error_code -3": JSONResponse({"error_code": -3, "message": MARK}),
        "not a number": JSONResponse({"error_code": MARK}),
        "ValidationError": JSONResponse(portal.page(2, data={MARK: MARK})),
        "RecursionError": Response(b'{"error_code": "0", "data": ' + b"[" * 100_000),
    }


@pytest.mark.parametrize("word", broken_answers())
def test_a_broken_page_is_asked_again_and_then_told(
    declare: Declare, portal: Portal, word: str
) -> None:
    fault = broken_answers()[word]
    portal.faults = {2: fault}
    delivery, shelf = pull(declare())
    assert codes(declare(), shelf.pages) == CODES
    assert [page.attempts for page in delivery.landed] == [1, 2, 1]
    portal.reset()
    portal.faults = dict.fromkeys(range(2, 9), fault)
    assert word in breaks(declare(), DeliveryBroken)
    assert len(portal.bodies) == 3


def test_a_night_that_broke_is_asked_again_from_the_same_place(
    declare: Declare, portal: Portal
) -> None:
    portal.faults = dict.fromkeys(range(2, 9), Response(status_code=500))
    assert "mapi/g answered 500" in breaks(declare(), SourceUnavailable)
    portal.reset()
    delivery, shelf = pull(declare())
    assert codes(declare(), shelf.pages) == CODES
    assert delivery.cursor_after == "20261123000000"


def test_a_column_under_another_name_is_drift(declare: Declare, portal: Portal) -> None:
    portal.rows = [{"MATHUTUC": code, "TENTTHC": MARK} for code in CODES]
    _, shelf = pull(declare())
    assert "MATTHC" in drift(declare(), shelf.pages, "procedure")


def test_fewer_rows_than_announced_break_the_delivery(declare: Declare, portal: Portal) -> None:
    portal.faults = {n: JSONResponse(portal.page(n, tongso=9)) for n in (1, 2, 3)}
    assert "announced" in breaks(declare(), DeliveryBroken)


def test_throttling_is_waited_out_or_told(declare: Declare, portal: Portal) -> None:
    busy = Response(status_code=429, headers={"Retry-After": "0"})
    portal.faults = {1: busy}
    assert pull(declare())[0].attempts == 4
    portal.reset()
    portal.faults = {1: busy, 2: busy}
    assert "answered 429" in breaks(declare(), SourceThrottled)
