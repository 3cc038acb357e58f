"""The national portal's public figures on loopback, in the portal's shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from catalog.records import records
from catalog.sources import Source
from extractors import read
from tests.extractors.conftest import MARK, NIGHT, Declare, Shelf, fails, run, serving
from transforms.conform import conform

BASE = "/api/v1/reporting/evaluation"
GROUPS = ["CKMB", "TDGQ", "CLGQ", "MDSH", "MDHL", "TTTT"]
TABLE = Path(__file__).parents[1] / "references" / "scores_766_2026-10-05.csv"
PER_PROVINCE = 6
BLOCKED = HTMLResponse(
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
    "Your support ID is: 5318008</body></html>"
)


def province(code: str = "H26", total: str = "54.64", **scores: str) -> str:
    """A province of service-results as JSON text: numbers stand as they are given here."""
    groups = ", ".join(f'"{group}": {score}' for group, score in scores.items())
    return (
        f'{{"departmentId": "id-{code}", "departmentName": "{MARK}", "departmentCode": "{code}",'
        f' "totalScore": {total}, "scoreDelta": -0.1, "groupScores": {{{groups}}}}}'
    )


def metric(code: str, numerator: int | None, denominator: int | None) -> dict[str, Any]:
    share = {"ratio": 100.0, "score": 2.0, "maxScore": 2, "note": MARK}
    return {"code": code, "numerator": numerator, "denominator": denominator, **share}


def unit(code: str, *metrics: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"departmentId": f"id-{code}", "departmentCode": code, "metrics": list(metrics), **more}


class Portal:
    """`answers` holds what each endpoint says; `faults` what to answer to the n-th question, from
    1, instead; `asked` lists endpoints and bodies, `agents` who asked."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.provinces = [province(CKMB="11.28", TDGQ="14.73")]
        self.units: dict[str, list[Any]] = {
            "transparency": [unit("H26", metric("PUBLISH_ON_TIME", 9, 10))],
            "dossier-digitized": [unit("H26.01", metric("ELECTRONIC_CERTIFIED_COPY", 0, 0))],
            "handling-satisfaction": [unit("H26", metric("PETITION_PROCESSING_ON_TIME", 3, 4))],
        }
        self.totals: dict[str, int] = {}
        self.faults: dict[int, Response | Callable[[], Response]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.agents: set[str] = set()

    async def give(self, request: Request) -> Response:
        endpoint, body = request.path_params["endpoint"], await request.json()
        self.asked.append((endpoint, body))
        self.agents.add(request.headers["User-Agent"])
        fault = self.faults.get(len(self.asked))
        if fault:
            return fault if isinstance(fault, Response) else fault()
        return self.results() if endpoint == "service-results" else self.page(endpoint, body)

    def results(self) -> Response:
        listed = ", ".join(self.provinces)
        whole = '{"departmentName": "Cả nước", "totalScore": 61.86}'
        return Response(
            f'{{"code":"OK", "data": {{"evaluation": [{listed}], "overview": {whole}}}}}'
        )

    def page(self, endpoint: str, body: dict[str, Any]) -> Response:
        units = self.units.get(endpoint, [])
        first = (body["currentPage"] - 1) * body["pageSize"]
        items = units[first : first + body["pageSize"]]
        total = self.totals.get(endpoint, len(units))
        return JSONResponse({"code": "OK", "data": {"items": items, "total": total}})


@pytest.fixture(scope="module")
def served() -> Iterator[Portal]:
    portal = Portal()
    route = Route(f"{BASE}/{{endpoint}}", portal.give, methods=["POST"])
    with serving(Starlette(routes=[route])) as portal.url:
        yield portal


@pytest.fixture
def portal(served: Portal) -> Portal:
    served.reset()
    return served


@pytest.fixture
def declare(declare: Declare, portal: Portal) -> Declare:
    usual = {
        "platform": "portal_766",
        "area": "G22",
        "reports_for": ["provinces"],
        "url": portal.url,
        "secret": "",
        "records": ["reported_figure"],
        "figures": ["score_766"],
        "attempts": 2,
    }
    return lambda **changes: declare(**{**usual, **changes})


pull = partial(run, record="reported_figure")
breaks = partial(fails, record="reported_figure")


def rows(source: Source, shelf: Shelf) -> list[dict[str, Any]]:
    return [row for page in shelf.pages for row in read(source, "reported_figure", page)]


def said(source: Source, shelf: Shelf) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in rows(source, shelf)]


def conformed(source: Source, shelf: Shelf) -> Any:
    pages = [(str(n), read(source, "reported_figure", p)) for n, p in enumerate(shelf.pages)]
    return conform(source, records()["reported_figure"], NIGHT, pages, b"key")
