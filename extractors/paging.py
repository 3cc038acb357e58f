"""Page after page of what changed, or of one month's keys: what the platforms that page share.

The contract is in docs/architecture.md, "The lgsp_json contract". How a page is asked for and what
stands around its rows is each platform's own: it gives an `Ask` and a `Look`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Mapping
from typing import NamedTuple, Protocol

from catalog.errors import DeclarationError, DeliveryBroken
from catalog.night import LOCAL_ZONE, Night
from catalog.settings import settings
from catalog.sources import Source
from extractors.delivery import Page
from extractors.web import again

SERVICES = {
    "dossier": "DongBoHoSoMC",
    "dossier_event": "CapNhatTienDoHoSoMC",
    "dossier_key": "DanhSachMaHoSo",
    "rating": "DongBoDanhGia",
}
STAMP = "%Y%m%d%H%M%S"
OVERLAP = dt.timedelta(hours=1)
"""How far behind the cursor we ask again, as sources commit late; repeats end as unchanged."""


class Answer(NamedTuple):
    """A page as it came, and what was asked for it, without secrets."""

    content: bytes
    request: str


class Ask(Protocol):
    """Asks for one page; raises a SourceError. `attempt` counts from 1 for each page."""

    def __call__(self, service: str, query: Mapping[str, str], attempt: int) -> Answer: ...


class Opened(NamedTuple):
    """What an answer says about itself, how many rows it holds, and a fingerprint of them."""

    page: int
    pages: int
    total: int
    rows: int
    fingerprint: bytes


Look = Callable[[str, bytes], Opened]
"""Looks into the page of a source; raises DeliveryBroken for what is none."""


class Span(NamedTuple):
    """What a delivery covers: the query that says so, and the cursor after it."""

    query: dict[str, str]
    cursor_after: str


class Seen:
    """What the pages so far have shown: each must continue the ones before."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self.page, self.pages, self.rows, self.total = 0, 1, 0, 0
        self._fingerprints: set[bytes] = set()

    def take(self, answer: Opened) -> None:
        """Take the next page. Raises DeliveryBroken, and takes nothing, where it does not fit."""
        problem = self._misfit(answer)
        if problem:
            raise DeliveryBroken(self.source_id, f"page {self.page + 1} {problem}")
        self._fingerprints.add(answer.fingerprint)
        self.page, self.pages, self.total = answer.page, answer.pages, answer.total
        self.rows += answer.rows

    def finish(self) -> None:
        """Raises DeliveryBroken unless as many rows came as were announced."""
        if self.rows != self.total:
            problem = f"{self.rows} rows came in {self.page} pages, announced were {self.total}"
            raise DeliveryBroken(self.source_id, problem)

    def _misfit(self, answer: Opened) -> str:
        if answer.page != self.page + 1:
            return "came under another page's number"
        if self.page and (answer.pages, answer.total) != (self.pages, self.total):
            return "announces other counts of pages and rows than the pages before"
        if answer.fingerprint in self._fingerprints:
            return "repeats an earlier page"
        return ""


def service(source: Source, record: str, services: Mapping[str, str]) -> str:
    """The service that delivers `record`. Raises DeclarationError where the platform has none."""
    if record not in services:
        problem = f"{source.platform} does not offer {record}"
        raise DeclarationError(f"{source.source_id}.yml", problem)
    return services[record]


def span(record: str, night: Night, cursor: str) -> Span:
    """From an hour before `cursor` (``yyyyMMddHHmmss``, local; the first time: `history_days`
    before the cut-off) up to the night's cut-off; of keys the whole month `cursor` (``yyyy-MM``).
    """
    end = night.cutoff.astimezone(LOCAL_ZONE)
    until = end.strftime(STAMP)
    if record == "dossier_key":
        month = dt.datetime.strptime(cursor, "%Y-%m").strftime("%Y%m")
        return Span({"month": month, "until": until}, cursor)
    if cursor:
        since = dt.datetime.strptime(cursor, STAMP) - OVERLAP
    else:
        since = end - dt.timedelta(days=settings().history_days)
    return Span({"changed_since": since.strftime(STAMP), "until": until}, until)


def pages(
    source: Source, service: str, span: Span, ask: Ask, look: Look
) -> Generator[Page, None, None]:
    """The pages of `span`, each asked for again where that may help. Raises a SourceError."""
    seen = Seen(source.source_id)
    while seen.page < seen.pages:
        query = span.query | {"page": str(seen.page + 1), "page_size": str(source.page_size)}
        for attempt in again(source):
            with attempt:
                content, request = ask(service, query, attempt.num)
                answer = look(source.source_id, content)
                seen.take(answer)
        yield Page(seen.page, content, answer.rows, request, attempt.num, span.cursor_after)
    seen.finish()
