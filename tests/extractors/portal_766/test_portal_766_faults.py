"""The portal_766 platform when the portal refuses or fails: what is asked again, what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response, StreamingResponse

from catalog.errors import (
    DeliveryBroken,
    SchemaDrift,
    SourceRefused,
    SourceThrottled,
    SourceUnavailable,
)
from extractors import Delivery
from tests.extractors.conftest import MARK, Declare
from tests.extractors.portal_766.conftest import (
    BLOCKED,
    Portal,
    breaks,
    metric,
    pull,
    unit,
)


def test_a_page_that_repeats_is_asked_again_and_then_told(declare: Declare, portal: Portal) -> None:
    codes = [f"H26.{n:02}" for n in range(1, 5)]
    portal.units["transparency"] = [unit(c, metric("DOSSIER_SYNC", 1, 2)) for c in codes]
    body = {"currentPage": 1, "pageSize": 3}
    portal.faults = {3: portal.page("transparency", body)}
    assert pull(declare(page_size=3))[0].landed[2].attempts == 2
    portal.asked.clear()
    portal.faults[4] = portal.faults[3]
    assert "repeats the units" in breaks(declare(page_size=3), DeliveryBroken)


def test_fewer_units_than_announced_break_the_delivery(declare: Declare, portal: Portal) -> None:
    portal.totals = {"transparency": 2}
    message = breaks(declare(), DeliveryBroken)
    assert "transparency: 1 units came where 2 were announced" in message


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize(
    "answer",
    [
        BLOCKED,
        Response(b"\xef\xbb\xbf\n " + BLOCKED.body, media_type="application/json"),
        Response(f"Request Rejected {MARK}"),
        JSONResponse({"code": "ERROR", "message": MARK}),
        JSONResponse({"code": 200, "data": {}}),
        JSONResponse({"data": {"evaluation": []}}),
        JSONResponse([]),
        Response(status_code=403),
        Response(status_code=302, headers={"Location": "/"}),
    ],
    ids=["html", "bom", "text", "code", "number", "no code", "list", "403", "302"],
)
def test_a_refusal_is_told_and_not_tried_again(
    declare: Declare, portal: Portal, turn: int, answer: Response
) -> None:
    portal.faults = {turn: answer}
    message = breaks(declare(attempts=4), SourceRefused)
    assert "5318008" not in message
    assert len(portal.asked) == turn
    assert len(portal.agents) == 1


def test_html_is_recognised_as_the_firewall(declare: Declare, portal: Portal) -> None:
    portal.faults = {1: BLOCKED}
    assert "service-results answered with HTML in place of JSON" in breaks(declare(), SourceRefused)


def broken_answers() -> dict[str, Any]:
    """What can be wrong with the answer about transparency, by a word of the message."""
    whole = bytes(Portal().page("transparency", {"currentPage": 1, "pageSize": 3}).body)

    def cut_off() -> Response:
        async def half() -> AsyncIterator[bytes]:
            yield whole[:20]

        return StreamingResponse(half(), headers={"Content-Length": "5000"})

    return {
        "cut off after": cut_off,
        "unreadable JSON (DecodeError)": Response(whole[: len(whole) // 2]),
        "transparency: cut or": Response(b""),
        "UnicodeDecodeError": Response(whole.replace(MARK.encode(), "Đào".encode("cp1258"))),
        "RecursionError": Response(b'{"code": "OK", "data": ' + b"[" * 100_000),
        "(ValidationError)": Response(b'{"code": "OK", "data": {"x": ' + b"9" * 5000 + b"}}"),
    }


@pytest.mark.parametrize("word", broken_answers())
def test_a_broken_page_is_asked_again_and_then_told(
    declare: Declare, portal: Portal, word: str
) -> None:
    fault = broken_answers()[word]
    portal.faults = {2: fault}
    delivery, _ = pull(declare())
    assert (delivery.rows, delivery.landed[1].attempts) == (6, 2)
    portal.asked.clear()
    portal.faults = {2: fault, 3: fault}
    assert word in breaks(declare(), DeliveryBroken)
    assert len(portal.asked) == 3


def test_a_night_that_broke_is_asked_again_whole(declare: Declare, portal: Portal) -> None:
    portal.faults = dict.fromkeys(range(5, 9), Response(status_code=500))
    assert "answered 500" in breaks(declare(), SourceUnavailable)
    portal.faults = {}
    delivery: Delivery = pull(declare())[0]
    assert (delivery.pages, delivery.rows) == (7, 6)


def test_throttling_is_waited_out_or_told(declare: Declare, portal: Portal) -> None:
    busy = Response(status_code=429, headers={"Retry-After": "0"})
    portal.faults = {1: busy}
    assert pull(declare())[0].attempts == 8
    portal.asked.clear()
    portal.faults = {1: busy, 2: busy}
    assert "answered 429" in breaks(declare(), SourceThrottled)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("departmentId", "id", "departmentId"),
        ("groupScores", "groups", "groupScores"),
        ("evaluation", "rows", "evaluation"),
        ('"totalScore": 54', '"totalScore": {}, "x": 54', "totalScore"),
    ],
)
def test_other_names_for_the_scores_are_drift(
    declare: Declare, portal: Portal, old: str, new: str, word: str
) -> None:
    changed = bytes(portal.results().body).replace(old.encode(), new.encode())
    portal.faults = {1: Response(changed)}
    assert word in breaks(declare(), SchemaDrift)
    assert len(portal.asked) == 1
