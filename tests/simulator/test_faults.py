"""Every kind of fault, as the client of a feed meets it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from simulator import Nation
from simulator.faults import KINDS

SLUG = "ha_noi"
QUERY: dict[str, Any] = {
    "changed_since": "20260901000000",
    "until": "20261001000000",
    "page_size": 40,
}
Answer = httpx2.Response


@pytest.fixture
def client(
    nation: Nation,
    serve: Callable[[Nation], httpx2.Client],
    log_in: Callable[[httpx2.Client, str], None],
) -> httpx2.Client:
    client = serve(nation)
    log_in(client, SLUG)
    return client


def ask(client: httpx2.Client, page: int = 1) -> Answer:
    return client.get(f"/{SLUG}/DongBoHoSoMC", params={**QUERY, "page": page})


def spoil(client: httpx2.Client, kind: str, **more: Any) -> None:
    answer = client.post(f"/_faults/{SLUG}", json={"kind": kind, **more})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("kind", "status"),
    [("down", 503), ("server_error", 500), ("throttled", 429), ("token_expired", 401)],
)
def test_a_refusal_so_many_times_and_no_more(
    client: httpx2.Client, kind: str, status: int, log_in: Callable[[httpx2.Client, str], None]
) -> None:
    spoil(client, kind, times=2)
    for _ in range(2):
        assert ask(client).status_code == status
        log_in(client, SLUG)
    assert ask(client).status_code == 200


def test_a_firewall_answers_html_as_if_all_were_well(client: httpx2.Client) -> None:
    spoil(client, "firewalled")
    answer = ask(client)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (200, "text/html")


def test_throttling_says_how_long(client: httpx2.Client) -> None:
    spoil(client, "throttled")
    assert int(ask(client).headers["Retry-After"]) > 0


def test_an_expired_token_stays_expired(client: httpx2.Client) -> None:
    spoil(client, "token_expired", times=1)
    assert [ask(client).status_code for _ in range(2)] == [401, 401]


def test_a_dropped_connection(client: httpx2.Client) -> None:
    spoil(client, "dropped", times=1)
    with pytest.raises(httpx2.RemoteProtocolError):
        ask(client)
    assert ask(client).status_code == 200


def test_a_slow_answer_is_right_but_late(client: httpx2.Client) -> None:
    usual = ask(client).content
    spoil(client, "slow", seconds=0.3)
    start = time.monotonic()
    assert ask(client).content == usual
    assert time.monotonic() - start >= 0.3


def test_a_truncated_page_is_no_json(client: httpx2.Client) -> None:
    spoil(client, "truncated_page", times=1)
    with pytest.raises(ValueError, match=r".+"):
        ask(client).json()


def test_page_1_again(client: httpx2.Client) -> None:
    first = ask(client).json()
    spoil(client, "repeated_page", times=1)
    assert ask(client).json() == first
    assert ask(client, page=2).json() == first
    assert ask(client, page=2).json() != first


def test_the_rows_of_page_1_under_another_number(client: httpx2.Client) -> None:
    first = ask(client).json()
    spoil(client, "repeated_rows")
    assert ask(client, page=2).json() == {**first, "page": 2}


def test_a_changed_column(client: httpx2.Client) -> None:
    spoil(client, "changed_column")
    assert all("MaHoSo" not in row and "MaHS" in row for row in ask(client).json()["data"])


def test_nights_that_are_empty_or_collapsed_look_complete(client: httpx2.Client) -> None:
    total = ask(client).json()["total"]
    spoil(client, "collapsed_night")
    collapsed = ask(client).json()
    assert (collapsed["total"], collapsed["pages"]) == (-(-total // 10), 1 + total // 400)
    spoil(client, "empty_night")
    empty = ask(client).json()
    assert (empty["total"], empty["data"]) == (0, [])


def test_a_fault_is_removed_and_touches_nobody_else(
    client: httpx2.Client, log_in: Callable[[httpx2.Client, str], None]
) -> None:
    spoil(client, "down")
    log_in(client, "hue")
    assert client.get("/hue/DongBoHoSoMC", params={**QUERY, "page": 1}).status_code == 200
    log_in(client, SLUG)
    assert ask(client).status_code == 503
    assert client.delete(f"/_faults/{SLUG}").status_code == 204
    assert ask(client).status_code == 200


@pytest.mark.parametrize("body", ['{"kind": "flood"}', '{"times": 1}', "no json"])
def test_an_unknown_fault_is_refused(client: httpx2.Client, body: str) -> None:
    assert client.post(f"/_faults/{SLUG}", content=body).status_code == 400
    assert ask(client).status_code == 200


def test_the_kinds_that_rehearsals_need() -> None:
    assert len(KINDS) == 13
