"""The lgsp_json platform against a real server on loopback."""

from __future__ import annotations

import hashlib

import pytest
from starlette.responses import JSONResponse, Response

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceRefused,
)
from extractors import collect, read
from tests.extractors.conftest import NIGHT, ROWS, SECRET, Declare, Feed, fails, run


def test_three_pages_arrive_whole_and_in_order(declare: Declare) -> None:
    source = declare()
    delivery, shelf = run(source)
    assert shelf.codes(source) == ROWS
    assert (delivery.pages, delivery.rows, delivery.attempts) == (3, 7, 3)
    assert delivery.bytes == sum(map(len, shelf.pages))
    assert delivery.sha256s == tuple(hashlib.sha256(p).hexdigest() for p in shelf.pages)
    assert [(p.number, p.rows, p.attempts) for p in delivery.landed] == [
        (1, 3, 1),
        (2, 3, 1),
        (3, 1, 1),
    ]
    assert delivery.cursor_after == "20261123000000"


def test_the_manifest_names_address_and_parameters_but_no_secret(
    declare: Declare, feed: Feed
) -> None:
    delivery, _ = run(declare(), cursor="20261122000000")
    assert delivery.landed[1].request == (
        f"GET {feed.url}/DongBoHoSoMC?changed_since=20261121230000&until=20261123000000"
        "&page=2&page_size=3"
    )
    assert all(SECRET not in p.request and "token" not in p.request for p in delivery.landed)


def test_the_window_goes_back_over_the_history_the_first_time(declare: Declare, feed: Feed) -> None:
    run(declare())
    assert feed.asked[0]["changed_since"] == "20260825000000"
    assert feed.asked[0]["until"] == "20261123000000"


def test_a_record_without_a_service_is_a_wrong_declaration(declare: Declare, feed: Feed) -> None:
    with pytest.raises(DeclarationError, match=r"thu_nghiem\.yml.*petition"):
        run(declare(), record="petition")
    assert feed.requests == 0


@pytest.mark.parametrize("pages", [0, 1])
def test_an_empty_night_is_one_page_without_rows(declare: Declare, feed: Feed, pages: int) -> None:
    feed.reset([])
    feed.faults[1] = JSONResponse(feed.page(1, 3, pages=pages))
    delivery, shelf = run(declare())
    assert (delivery.pages, delivery.rows, len(shelf.pages)) == (1, 0, 1)
    assert delivery.cursor_after == "20261123000000"


def test_each_page_is_landed_before_the_next_is_asked_for(declare: Declare, feed: Feed) -> None:
    asked_at_landing: list[int] = []

    def land(content: bytes) -> str:
        asked_at_landing.append(len(feed.asked))
        return ""

    collect(declare(), "dossier", NIGHT, "", land)
    assert asked_at_landing == [1, 2, 3]


def test_a_failing_landing_stops_the_collection(declare: Declare, feed: Feed) -> None:
    def land(content: bytes) -> str:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        collect(declare(), "dossier", NIGHT, "", land)
    assert len(feed.asked) == 1


def test_a_token_that_runs_out_is_renewed_once(declare: Declare, feed: Feed) -> None:
    feed.expired = {2}
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert (len(feed.tokens), delivery.attempts) == (2, 3)


def test_a_second_401_is_a_refusal_and_not_retried(declare: Declare, feed: Feed) -> None:
    feed.expired = {2, 3}
    assert "/DongBoHoSoMC answered 401" in fails(declare(), SourceRefused)
    assert (len(feed.asked), len(feed.tokens)) == (3, 2)


def test_a_wrong_secret_is_a_refusal(
    declare: Declare, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_THU_NGHIEM", "another-secret")
    assert "/token answered 401" in fails(declare(), SourceRefused)
    assert feed.requests == 1


@pytest.mark.parametrize(
    "answer", [b"<html>", b'{"access_token": "bad\\n"}', b'{"access_token": ""}', b'"\xff"', b"{}"]
)
def test_a_token_answer_without_a_token_is_broken(
    declare: Declare, feed: Feed, answer: bytes
) -> None:
    feed.token_answer = Response(answer)
    assert "no token" in fails(declare(), DeliveryBroken)


@pytest.mark.parametrize("code", [0, "0", "00"])
def test_the_codes_that_mean_success(declare: Declare, feed: Feed, code: int | str) -> None:
    feed.faults = {1: JSONResponse(feed.page(1, 3, error_code=code))}
    assert run(declare())[0].rows == 7


def test_every_request_is_held_to_the_pace(
    declare: Declare, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced: list[int] = []
    monkeypatch.setattr("extractors.web.Pace.__call__", lambda pace, request: paced.append(1))
    feed.expired, feed.faults = {1}, {4: Response(status_code=500)}
    run(declare())
    assert len(paced) == feed.requests == 7


def test_what_stands_in_place_of_a_row_is_handed_on(declare: Declare, feed: Feed) -> None:
    items = [{"MaHoSo": "1"}, "x", None]
    feed.faults = {1: JSONResponse(feed.page(1, 3, data=items, pages=1, total=3))}
    _, shelf = run(declare())
    assert list(read(declare(), "dossier", shelf.pages[0])) == items
