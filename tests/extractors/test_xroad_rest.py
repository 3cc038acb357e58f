"""The xroad_rest platform against a real security server's part, played on loopback."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote
from uuid import UUID

import pytest
from starlette.responses import JSONResponse, Response

from catalog.errors import (
    DeclarationError,
    DeliveryBroken,
    SourceRefused,
    SourceUnavailable,
)
from tests.extractors.conftest import (
    CLIENT,
    MARK,
    PROVIDER,
    REQUEST_ID,
    ROWS,
    Declare,
    Feed,
    fails,
    run,
)


@pytest.fixture
def declare(declare: Declare) -> Declare:
    return partial(declare, platform="xroad_rest", secret="")


def refuse(code: str, status: int = 500) -> Response:
    body = {"type": code, "message": MARK, "detail": "9bc95b6e-2f1d-4a41-a7e6-11eda7d734d5"}
    return JSONResponse(body, status, headers={"X-Road-Error": code})


def test_the_pages_come_through_the_security_server(declare: Declare, feed: Feed) -> None:
    delivery, shelf = run(declare())
    assert shelf.codes(declare()) == ROWS
    assert (delivery.pages, delivery.attempts) == (3, 3)
    assert delivery.cursor_after == "20261123000000"
    assert feed.paths == 3 * [f"/r1/{PROVIDER}/DongBoHoSoMC"]
    assert {headers["X-Road-Client"] for headers in feed.headers} == {CLIENT}
    assert all("Authorization" not in headers for headers in feed.headers)
    assert feed.tokens == []


def test_petitions_have_a_service(declare: Declare, feed: Feed) -> None:
    run(declare(), record="petition")
    assert set(feed.paths) == {f"/r1/{PROVIDER}/DanhSachPAKN"}


def test_each_message_has_an_id_of_its_own_that_the_same_night_repeats(
    declare: Declare, feed: Feed
) -> None:
    feed.faults = {2: Response(status_code=500)}
    run(declare())
    ids = [headers["X-Road-Id"] for headers in feed.headers]
    assert len({UUID(text) for text in ids}) == 4
    feed.reset(feed.rows)
    run(declare())
    assert [headers["X-Road-Id"] for headers in feed.headers] == [ids[0], ids[1], ids[3]]
    run(declare(), record="rating")
    assert {headers["X-Road-Id"] for headers in feed.headers[3:]}.isdisjoint(ids)


def test_the_manifest_names_both_ids_of_a_request(declare: Declare, feed: Feed) -> None:
    delivery, _ = run(declare(), cursor="20261122000000")
    message = feed.headers[1]["X-Road-Id"]
    assert delivery.landed[1].request == (
        f"GET {feed.url}/r1/{quote(PROVIDER)}/DongBoHoSoMC?changed_since=20261121230000"
        "&until=20261123000000&page=2&page_size=3"
        f" X-Road-Id={message} X-Road-Request-Id={REQUEST_ID}"
    )


def test_a_request_id_that_is_none_stays_out_of_the_manifest(declare: Declare, feed: Feed) -> None:
    feed.request_id = MARK
    delivery, _ = run(declare())
    assert delivery.landed[0].request.endswith(" X-Road-Request-Id=")


def test_identifiers_are_percent_encoded_part_by_part(declare: Declare, feed: Feed) -> None:
    xroad = {"client": "VN/GOV/Bộ Tư pháp/a%2F", "service": PROVIDER}
    delivery, _ = run(declare(xroad=xroad))
    expected = "VN/GOV/B%E1%BB%99%20T%C6%B0%20ph%C3%A1p/a%252F"
    assert feed.headers[0]["X-Road-Client"] == expected
    path = "/r1/VN/GOV/000.00.00.X99/m%E1%BB%99t%20c%E1%BB%ADa/DongBoHoSoMC?"
    assert path in delivery.landed[0].request


@pytest.mark.parametrize(
    "code",
    [
        "Server.ClientProxy.SslAuthenticationFailed",
        "Server.ServerProxy.AccessDenied",
        "Server.ServerProxy.UnknownService",
        "server.clientproxy.access_denied",
        "Client.BadRequest",
    ],
)
def test_a_fault_that_only_people_can_resolve_is_a_refusal(
    declare: Declare, feed: Feed, code: str
) -> None:
    feed.faults = {1: refuse(code)}
    told = fails(declare(), SourceRefused)
    message = feed.headers[0]["X-Road-Id"]
    assert told == f"source thu_nghiem: security server fault {code} on message {message}"
    assert len(feed.asked) == 1


@pytest.mark.parametrize(
    "code",
    [
        "Server.ClientProxy.NetworkError",
        "Server.ClientProxy.OutdatedGlobalConf",
        "Server.ServerProxy.ServiceFailed.HttpError",
        "server.serverproxy.service_failed",
    ],
)
def test_a_fault_that_may_pass_is_asked_again_and_then_told(
    declare: Declare, feed: Feed, code: str
) -> None:
    feed.faults = {2: refuse(code)}
    delivery, shelf = run(declare())
    assert (shelf.codes(declare()), delivery.attempts) == (ROWS, 4)
    feed.reset(feed.rows)
    feed.faults = dict.fromkeys(range(1, 9), refuse(code))
    assert f"security server fault {code} on" in fails(declare(attempts=2), SourceUnavailable)
    assert len(feed.asked) == 2


@pytest.mark.parametrize("code", [MARK, "Server.0123456789", "Server.", "Server.Client Proxy"])
def test_a_fault_of_no_known_type_is_not_quoted(declare: Declare, feed: Feed, code: str) -> None:
    feed.faults = {1: refuse(code)}
    told = fails(declare(attempts=1), SourceUnavailable)
    assert "fault of no known type on message" in told
    assert code not in told


def test_a_fault_counts_whatever_its_status(declare: Declare, feed: Feed) -> None:
    feed.faults = {1: refuse("Server.ServerProxy.AccessDenied", status=200)}
    assert "AccessDenied" in fails(declare(), SourceRefused)


def test_an_error_of_the_provider_is_not_taken_for_the_security_servers(
    declare: Declare, feed: Feed
) -> None:
    body = {"type": "Server.ServerProxy.AccessDenied", "message": MARK}
    feed.faults = dict.fromkeys((1, 2), JSONResponse(body, 500))
    told = fails(declare(attempts=2), SourceUnavailable)
    assert told.endswith(f"GET /r1/{PROVIDER}/DongBoHoSoMC answered 500")


def test_an_answer_to_another_message_is_broken(declare: Declare, feed: Feed) -> None:
    feed.answers_to = REQUEST_ID
    assert "answered another message" in fails(declare(attempts=1), DeliveryBroken)


def test_a_source_that_does_not_say_who_asks_is_a_wrong_declaration(
    declare: Declare, feed: Feed
) -> None:
    with pytest.raises(DeclarationError, match=r"thu_nghiem\.yml: xroad_rest needs xroad"):
        run(declare(xroad=None))
    with pytest.raises(
        DeclarationError, match=r"thu_nghiem\.yml: xroad_rest does not offer agency"
    ):
        run(declare(), record="agency")
    assert feed.requests == 0
