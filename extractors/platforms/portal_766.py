"""The national portal's public figures of Decision 766: by province and unit, as stated each day.

The addresses, the bodies and ``{"code": "OK", "data": ...}`` are known; `figures_766` says what is
known of ``data``. Assumed: a page of fewer units than asked for is the last; where ``data.total``
is a number, so many units must have come; `fromDate` (1 January) and `toDate` are ISO days.

An answer bears no day and cannot be had again later, so each is landed with what was asked and for
which night. The portal is asked once a night, whatever the cursor (the last night's day); a past
night asked again would state today's figures.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import count
from typing import Any

import httpx2
import msgspec

from catalog.errors import DeclarationError, DeliveryBroken, SchemaDrift, SourceRefused
from catalog.night import Night
from catalog.sources import Source
from extractors.delivery import Page
from extractors.json_envelope import check_values
from extractors.national.figures_766 import (
    RESULTS,
    Answer,
    Asked,
    Landed,
    figures,
    opened,
    provinces,
    units,
)
from extractors.web import again, client, fetch

NEEDS = ("url",)
BASE = "api/v1/reporting/evaluation"
SEEN = frozenset({"transparency", "dossier-digitized", "handling-satisfaction"})
"""Endpoints whose metric codes are known: units without any metric there are a new format."""
BY_YEAR = (
    "transparency",
    "dossier-digitized",
    "formality-online-payment-tree",
    "provide-online-tree",
    "dvc-progress-tree",
)
WHO_ASKS = {"User-Agent": "mot-cua-metrics"}
"""We say who we are. A refused client takes the agreed access or the manual drop, no disguise."""

Body = dict[str, str | int]


class Said(msgspec.Struct):
    """The part of an answer that says whether it is one."""

    code: str


def pages(source: Source, record: str, night: Night, cursor: str) -> Generator[Page, None, None]:
    """The scores of the night's year, then each province's metrics. Raises SourceRefused, without
    asking again, for anything but the portal's ``OK``."""
    if record != "reported_figure":
        raise DeclarationError(f"{source.source_id}.yml", f"portal_766 does not offer {record}")
    year: Body = {"timeType": "year", "year": night.on.year}
    days: Body = {"fromDate": f"{night.on.year}-01-01", "toDate": str(night)}
    with client(source) as web:
        visit = _Visit(web, source, night)
        question: Body = {**year, "departmentType": "ADMINISTRATIVE_UNIT"}
        page, answer = visit.ask(RESULTS, question, provinces)
        yield page
        for province in provinces(answer):
            root: Body = {"rootDepartmentId": province.department_id}
            for endpoint in BY_YEAR:
                yield from visit.units(endpoint, year | root)
            yield from visit.units("handling-satisfaction", days | root)


def rows(source: Source, record: str, content: bytes) -> Iterator[dict[str, Any]]:
    """The figures of a landed answer."""
    yield from figures(opened(content))


class _Visit:
    """One night's questions to the portal, numbered."""

    def __init__(self, web: httpx2.Client, source: Source, night: Night) -> None:
        self._web, self._source, self._night = web, source, night
        self._asked = 0

    def units(self, endpoint: str, body: Body) -> Generator[Page, None, None]:
        """The pages of one group in one province."""
        size, seen = self._source.page_size, frozenset[str]()
        for number in count(1):
            question = {**body, "currentPage": number, "pageSize": size}
            page, answer = self.ask(endpoint, question, partial(self._fits, seen))
            yield page
            seen |= units(answer)
            if len(units(answer)) < size:
                return self._is_complete(answer, len(seen))

    def ask(self, endpoint: str, body: Body, fits: Callable[[Answer], Any]) -> tuple[Page, Answer]:
        """One answer to be landed, and the same opened. `fits` raises for one that does not."""
        url = f"{self._source.base_url}/{BASE}/{endpoint}"
        for attempt in again(self._source):
            with attempt:
                request = self._web.build_request("POST", url, json=body, headers=WHO_ASKS)
                raw = fetch(self._web, self._source, request)
                content, answer = self._opened(endpoint, body, raw)
                self._checked(answer, fits)
        self._asked += 1
        told = f"POST {url} {msgspec.json.encode(body).decode()}"
        number = sum(1 for _ in figures(answer))
        return Page(self._asked, content, number, told, attempt.num, str(self._night)), answer

    def _opened(self, endpoint: str, body: Body, raw: bytes) -> tuple[bytes, Answer]:
        begin = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if begin not in (b"{", b""):
            kind = "HTML" if begin == b"<" else "something"
            raise self._refused(f"{endpoint} answered with {kind} in place of JSON: we are refused")
        check_values(self._source.source_id, raw)
        try:
            if not _is_ok(raw):
                raise self._refused(f"{endpoint} did not answer OK")
            asked = Asked(str(self._night), endpoint, body)
            content = msgspec.json.encode(Landed(asked, raw.decode()))
            return content, opened(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            problem = f"{endpoint}: cut or unreadable JSON ({type(error).__name__})"
            raise DeliveryBroken(self._source.source_id, problem) from None

    def _refused(self, problem: str) -> SourceRefused:
        return SourceRefused(self._source.source_id, problem)

    def _checked(self, answer: Answer, fits: Callable[[Answer], Any]) -> None:
        try:
            fits(answer)
        except msgspec.ValidationError as error:
            problem = f"{answer.asked.endpoint}: {error}"
            raise SchemaDrift(self._source.source_id, problem) from None

    def _fits(self, seen: frozenset[str], answer: Answer) -> None:
        endpoint, new = answer.asked.endpoint, units(answer)
        if len(new) >= self._source.page_size and new <= seen:
            problem = f"{endpoint}: a page repeats the units of earlier ones"
            raise DeliveryBroken(self._source.source_id, problem)
        if not new and not _is_empty(answer.data):
            raise SchemaDrift(self._source.source_id, f"{endpoint}: no unit in the answer")
        if new and endpoint in SEEN and not any(figures(answer)):
            raise SchemaDrift(self._source.source_id, f"{endpoint}: units without any metric")

    def _is_complete(self, answer: Answer, came: int) -> None:
        announced = answer.data.get("total") if isinstance(answer.data, dict) else None
        if type(announced) is int and came < announced:
            problem = f"{came} units came where {announced} were announced"
            raise DeliveryBroken(self._source.source_id, f"{answer.asked.endpoint}: {problem}")


def _is_ok(raw: bytes) -> bool:
    try:
        return msgspec.json.decode(raw, type=Said).code == "OK"
    except msgspec.ValidationError:
        return False


def _is_empty(data: Any) -> bool:
    """Whether there is a place for units, and nothing in it."""
    inner = data.values() if isinstance(data, dict) else data
    return isinstance(data, dict | list) and not any(i for i in inner if isinstance(i, dict | list))
