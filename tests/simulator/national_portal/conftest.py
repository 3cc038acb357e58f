"""The national portal of the nation, asked by our own platforms and read with their dialects."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from extractors import Delivery, collect, read
from simulator import Nation
from simulator.desk import Desk
from simulator.server import Street
from tests.extractors.conftest import serving
from transforms.conform import Conformed, conform

NIGHT = Night(dt.date(2026, 9, 20))
UNTIL = dt.datetime(2026, 9, 21)
RECORDS = {
    "cong_dvcqg_thu_tuc": "procedure",
    "cong_dvcqg_co_quan": "agency",
    "cong_dvcqg_danh_gia": "rating",
    "cong_dvcqg_ho_so": "portal_dossier",
}
SCORES = "/cong_dvcqg_766/api/v1/reporting/evaluation"
Find = Callable[..., Source]
Brought = tuple[Delivery, Conformed]


@pytest.fixture(scope="module")
def desk(nation: Nation) -> Desk:
    return Desk(nation)


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/{slug}", Street(desk))])) as address:
        yield address


@pytest.fixture
def client(address: str, desk: Desk) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, trust_env=False) as client:
        yield client
    desk.faults.in_force.clear()


@pytest.fixture
def find(nation: Nation, address: str, monkeypatch: pytest.MonkeyPatch) -> Find:
    """A source of the nation at its address, with changes."""
    monkeypatch.setattr("extractors.web.FIRST_WAIT", 0.001)

    def find(slug: str, **changes: Any) -> Source:
        where = {"url": f"{address}/{slug}", "requests_per_second": 10_000, "attempts": 2}
        return nation.sources[slug].model_copy(update={**where, **changes})

    return find


def bring(source: Source, record: str, cursor: str = "") -> Brought:
    """A night's delivery, and what conform makes of it."""
    pages: list[tuple[str, list[Any]]] = []

    def land(content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        pages.append((sha256, list(read(source, record, content))))
        return sha256

    delivery = collect(source, record, NIGHT, cursor, land)
    return delivery, conform(source, records()[record], NIGHT, pages, b"key")
