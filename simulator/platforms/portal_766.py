"""The public figures of Decision 766 as the national portal serves them.

Which codes the three ``-tree`` endpoints use was never seen: they list their units without metrics.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog.areas import areas
from simulator.answers import refusal, reply
from simulator.desk import Desk
from simulator.official_scores import (
    GROUPS,
    METRICS,
    TOTAL,
    official_counts,
    official_scores,
    provinces,
    units,
)

BASE = "/api/v1/reporting/evaluation"
TREES = ("formality-online-payment-tree", "provide-online-tree", "dvc-progress-tree")
RADAR = {code: [code] for code in GROUPS if code not in ("CLGQ", "TTTT")}
RADAR |= {"ONLINE_SERVICE": ["CLGQ", "TTTT"]}
Row = dict[str, Any]


class Year(msgspec.Struct, rename="camel"):
    """The question for scores."""

    time_type: str
    year: int
    department_type: str


class Units(msgspec.Struct, rename="camel"):
    """The question for a group in one province: by year, or from day to day."""

    root_department_id: str
    current_page: int
    page_size: int
    year: int = 0
    from_date: dt.date | None = None
    to_date: dt.date | None = None

    @property
    def through(self) -> dt.date:
        """The day up to which is counted; a year is counted whole, as it names no day."""
        return self.to_date or dt.date(self.year, 12, 31)


def application(desk: Desk) -> Starlette:
    portal = Portal(desk)
    return Starlette(routes=[Route(f"{BASE}/{{endpoint}}", portal.answer, methods=["POST"])])


def department(code: str) -> str:
    """The portal's own number of a unit."""
    return str(uuid5(NAMESPACE_URL, code))


class Portal:
    """Answers for the sources of this platform."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.roots = {department(code): code for code in provinces()}
        self.endpoints: dict[str, Callable[[str, bytes], Row]] = {
            "service-results": self.results,
            **dict.fromkeys(METRICS, self.flat),
            **dict.fromkeys(TREES, self.tree),
        }

    async def answer(self, request: Request) -> Response:
        """``POST /<slug>/api/v1/reporting/evaluation/<endpoint>``."""
        slug, endpoint = (request.path_params[name] for name in ("slug", "endpoint"))
        if slug not in self.desk.sources("portal_766") or endpoint not in self.endpoints:
            return refusal(404, "Không có dịch vụ này")
        try:
            data = self.endpoints[endpoint](endpoint, await request.body())
        except (msgspec.MsgspecError, KeyError, ValueError):
            return reply({"code": "BAD_REQUEST", "message": "Tham số không hợp lệ"}, 400)
        whole = reply({"code": "OK", "data": data})
        return await self.desk.spoilt(slug, whole) or whole

    def results(self, endpoint: str, body: bytes) -> Row:
        """The scores of all provinces."""
        asked = msgspec.json.decode(body, type=Year)
        if (asked.time_type, asked.department_type) != ("year", "ADMINISTRATIVE_UNIT"):
            raise ValueError("other figures than these")
        scores = official_scores(self.desk.nation.seed, asked.year)
        before = official_scores(self.desk.nation.seed, asked.year - 1)
        whole = _mean(scores, [TOTAL])
        return {
            "evaluation": [_scored(c, s, before[c][TOTAL]) for c, s in scores.items()],
            "overview": {"departmentName": "Cả nước", "totalScore": whole, "totalMaxScore": 100},
            "growthPercent": round(100 * (whole / _mean(before, [TOTAL]) - 1), 2),
            "radar": [_spoke(code, groups, scores) for code, groups in RADAR.items()],
        }

    def flat(self, endpoint: str, body: bytes) -> Row:
        """A page of the units of a province, itself first, with their metrics."""
        asked = msgspec.json.decode(body, type=Units)
        root = self.roots[asked.root_department_id]
        listed = [root, *units(root)]
        first = (asked.current_page - 1) * asked.page_size
        page = listed[first : first + asked.page_size]
        items = [self._counted(endpoint, code, asked.through) for code in page]
        return {"items": items, "total": len(listed)}

    def tree(self, endpoint: str, body: bytes) -> Row:
        """The province with its units below it."""
        asked = msgspec.json.decode(body, type=Units)
        root = self.roots[asked.root_department_id]
        if asked.current_page > 1:
            return {"items": [], "total": 1}
        children = [_named(code) | {"metrics": []} for code in units(root)]
        return {"items": [_named(root) | {"metrics": [], "children": children}], "total": 1}

    def _counted(self, endpoint: str, code: str, through: dt.date) -> Row:
        metrics = []
        for metric, (maximum, _) in METRICS[endpoint].items():
            counts = official_counts(self.desk.nation.seed, code, metric, through)
            metrics.append(_metric(metric, maximum, *counts))
        return _named(code) | {"metrics": metrics}


def _named(code: str) -> Row:
    root, _, number = code.partition(".")
    name = f"UBND {areas()[root].name_vi}"
    name = f"Đơn vị số {int(number)} - {name}" if number else name
    return {"departmentId": department(code), "departmentName": name, "departmentCode": code}


def _metric(code: str, maximum: int, numerator: int, denominator: int) -> Row:
    """The portal states 100 percent and the full score for 0 out of 0."""
    ratio = round(100 * numerator / denominator, 2) if denominator else 100.0
    score = round(ratio * maximum / 100, 2)
    counts = {"numerator": numerator, "denominator": denominator, "ratio": ratio}
    return {"code": code, **counts, "score": score, "maxScore": maximum, "note": ""}


def _scored(code: str, scores: dict[str, int], before: int) -> Row:
    groups = {group: scores[group] / 100 for group in GROUPS}
    delta = (scores[TOTAL] - before) / 100
    total = {"totalScore": scores[TOTAL] / 100, "scoreDelta": delta}
    return {**_named(code), **total, "groupScores": groups}


def _mean(scores: dict[str, dict[str, int]], groups: list[str]) -> float:
    """The unweighted mean over the provinces, in points."""
    return round(sum(s[g] for s in scores.values() for g in groups) / len(scores) / 100, 2)


def _spoke(code: str, groups: list[str], scores: dict[str, dict[str, int]]) -> Row:
    score, maximum = _mean(scores, groups), sum(GROUPS[g].maximum for g in groups) / 100
    ratio = round(100 * score / maximum, 2)
    return {"code": code, "name": code, "score": score, "maxScore": maximum, "ratio": ratio}
