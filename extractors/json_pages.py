"""JSON pages of what changed, or of one month's keys: what the platforms that send them share.

The contract is in docs/architecture.md, "The lgsp_json contract". How a page is asked for is each
platform's own: it gives an `Ask`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from catalog.errors import DeclarationError
from catalog.night import LOCAL_ZONE, Night
from catalog.settings import settings
from catalog.sources import Source
from extractors.delivery import Page
from extractors.json_envelope import Envelope, Opened, Seen, opened
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


class Span(NamedTuple):
    """What a delivery covers: the query that says so, and the cursor after it."""

    query: dict[str, str]
    cursor_after: str


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
    source: Source,
    service: str,
    span: Span,
    ask: Ask,
    look: Callable[[str, bytes], Opened] = opened,
) -> Generator[Page, None, None]:
    """The pages of `span`, each asked for again where that may help; `look` opens one. Raises a
    SourceError."""
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


def rows(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The items of the page's ``data``."""
    yield from msgspec.json.decode(msgspec.json.decode(content, type=Envelope).data, type=list[Any])
