"""The lgsp_json contract, over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from catalog.settings import DEMO_SECRET
from simulator import Nation

Serve = Callable[..., httpx2.Client]
LogIn = Callable[[httpx2.Client, str], None]
FEED = "/ha_noi/DongBoHoSoMC"
FORM = {"grant_type": "client_credentials"}


def query(**changes: Any) -> dict[str, Any]:
    window = {"changed_since": "20260901000000", "until": "20261001000000"}
    return {**window, "page": 1, "page_size": 40, **changes}


@pytest.mark.parametrize("record", ["dossier", "rating"])
def test_the_pages_together_are_the_window(
    nation: Nation, serve: Serve, log_in: LogIn, record: str
) -> None:
    service = {"dossier": "DongBoHoSoMC", "rating": "DongBoDanhGia"}[record]
    client = serve(nation)
    log_in(client, "ha_noi")
    pages: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    while not pages or len(pages) < pages[0]["pages"]:
        question = query(page=len(pages) + 1, page_size=10)
        pages.append(client.get(f"/ha_noi/{service}", params=question).json())
        rows += pages[-1]["data"]
    since, until = dt.datetime(2026, 9, 1), dt.datetime(2026, 10, 1)
    assert rows == [item.row() for item in nation.window("ha_noi", record, since, until)]
    assert len(pages) > 1
    assert {(page["error_code"], page["total"]) for page in pages} == {("0", len(rows))}
    assert [page["page"] for page in pages] == [*range(1, len(pages) + 1)]


def test_an_empty_window_has_one_empty_page(nation: Nation, serve: Serve, log_in: LogIn) -> None:
    client = serve(nation)
    log_in(client, "ha_noi")
    answer = client.get(FEED, params=query(until="20260901000000")).json()
    assert (answer["total"], answer["pages"], answer["data"]) == (0, 1, [])


def test_a_token_serves_one_source_and_only_with_the_secret(
    nation: Nation, serve: Serve, log_in: LogIn
) -> None:
    client = serve(nation)
    assert client.get(FEED, params=query()).status_code == 401
    assert client.post("/ha_noi/token", data=FORM, auth=("ha_noi", "no")).status_code == 401
    assert client.post("/ha_noi/token", data=FORM, auth=("hue", DEMO_SECRET)).status_code == 401
    assert client.post("/ha_noi/token", auth=("ha_noi", DEMO_SECRET)).status_code == 400
    log_in(client, "ha_noi")
    assert client.get(FEED, params=query()).status_code == 200
    assert client.get("/hue/DongBoHoSoMC", params=query()).status_code == 401


def test_a_token_ends(nation: Nation, serve: Serve, log_in: LogIn) -> None:
    client = serve(nation, token_seconds=0)
    log_in(client, "ha_noi")
    assert client.get(FEED, params=query()).status_code == 401


@pytest.mark.parametrize(
    "changes", [{"page": 0}, {"page_size": "x"}, {"until": "2026-10-01"}, {"changed_since": ""}]
)
def test_a_question_that_makes_no_sense_is_refused(
    nation: Nation, serve: Serve, log_in: LogIn, changes: dict[str, Any]
) -> None:
    client = serve(nation)
    log_in(client, "ha_noi")
    assert client.get(FEED, params=query(**changes)).status_code == 400


def test_unknown_sources_and_services_are_not_found(
    nation: Nation, serve: Serve, log_in: LogIn
) -> None:
    client = serve(nation)
    log_in(client, "ha_noi")
    assert client.get("/ha_noi/DongBoHoiDap", params=query()).status_code == 404
    assert client.post("/nowhere/token", data=FORM, auth=("nowhere", "x")).status_code == 404


def test_health_names_the_nation(nation: Nation, serve: Serve) -> None:
    health = serve(nation).get("/_health").json()
    assert health["status"] == "ok"
    assert health["opens_on"] == "2026-09-01"
    assert health["sources"] == len(nation.sources)
