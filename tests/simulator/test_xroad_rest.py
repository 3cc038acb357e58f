"""A source of the nation that speaks from behind a security server, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from catalog.sources import XRoad
from simulator import Nation
from tests.simulator.conftest import OPENS_ON

CLIENT, PROVIDER = "VN/GOV/000.00.00.G22/mot-cua", "VN/GOV/000.00.00.H01/một cửa"
FEED = f"/an_giang/r1/{PROVIDER}/DongBoHoSoMC"
QUERY: dict[str, Any] = {
    "changed_since": "20260901000000",
    "until": "20261001000000",
    "page": 1,
    "page_size": 10,
}
Ask = Callable[..., httpx2.Response]


@pytest.fixture
def nation() -> Nation:
    nation = Nation(OPENS_ON, dossiers=20_000, seed=7)
    xroad = XRoad(client=CLIENT, service=PROVIDER)
    changes = {"platform": "xroad_rest", "xroad": xroad}
    for source_id, own in {"an_giang": changes, "ha_noi": {"platform": "lgsp_json"}}.items():
        nation.sources[source_id] = nation.sources[source_id].model_copy(update=own)
    return nation


@pytest.fixture
def ask(nation: Nation, serve: Callable[[Nation], httpx2.Client]) -> Ask:
    """Asks as the declared client."""
    client = serve(nation)

    def ask(path: str = FEED, headers: dict[str, str] | None = None, **query: Any) -> Any:
        known = {"X-Road-Client": CLIENT} if headers is None else headers
        return client.get(path, params={**QUERY, **query}, headers=known)

    return ask


def test_the_rows_are_those_of_the_feed_with_the_security_servers_headers(ask: Ask) -> None:
    message = "6f1c7a52-0d6e-4d6c-9f6b-5a5d1c2f3e4d"
    answer = ask(headers={"X-Road-Client": CLIENT, "X-Road-Id": message})
    assert (answer.status_code, answer.json()["error_code"]) == (200, "0")
    assert len(answer.json()["data"]) == 10
    assert answer.headers["X-Road-Id"] == message
    assert answer.headers["X-Road-Client"] == CLIENT
    assert answer.headers["X-Road-Request-Id"] not in ("", message)


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        (FEED, {}, 400, "Client.BadRequest"),
        (FEED, {"X-Road-Client": "VN/GOV/1/a"}, 500, "Server.ServerProxy.AccessDenied"),
        (FEED.replace("H01", "H02"), None, 500, "Server.ClientProxy.UnknownMember"),
        (FEED.replace("HoSoMC", "Nothing"), None, 500, "Server.ServerProxy.UnknownService"),
    ],
)
def test_what_is_not_let_through_is_a_fault_of_the_security_server(
    ask: Ask, path: str, headers: dict[str, str] | None, status: int, code: str
) -> None:
    answer = ask(path, headers)
    assert (answer.status_code, answer.headers["X-Road-Error"]) == (status, code)
    assert set(answer.json()) == {"type", "message", "detail"}
    assert answer.json()["type"] == code


def test_an_error_of_the_provider_is_no_fault_of_the_security_server(ask: Ask) -> None:
    answer = ask(page=0)
    assert answer.status_code == 400
    assert "X-Road-Error" not in answer.headers


def test_sources_of_other_platforms_are_not_behind_it(ask: Ask) -> None:
    assert ask(FEED.replace("an_giang", "ha_noi")).status_code == 404
