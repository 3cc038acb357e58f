"""One call of a feed: the page that was asked for, cut out of the window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from catalog.sources import Source
from simulator.answers import refusal, reply
from simulator.nation import Nation, Window

SERVICES = {
    "DongBoHoSoMC": "dossier",
    "CapNhatTienDoHoSoMC": "dossier_event",
    "DongBoDanhGia": "rating",
    "DanhSachMaHoSo": "dossier_key",
    "DanhSachPAKN": "petition",
}
"""The services by name, and the record kind that each delivers."""
STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True)
class Call:
    """What was asked and what is true; a fault may answer something else.

    `forget_tokens` ends the tokens of the source that is called.
    """

    record: str
    window: Window
    page: int
    page_size: int
    forget_tokens: Callable[[], None]

    def with_(self, **changes: Any) -> Call:
        return replace(self, **changes)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of this page."""
        start = (self.page - 1) * self.page_size
        return [item.row() for item in self.window[start : start + self.page_size]]

    def body(self, **changes: Any) -> dict[str, Any]:
        """The answer; there is always a page 1, if an empty one."""
        total = len(self.window)
        pages = max(1, -(-total // self.page_size))
        content = {"error_code": "0", "message": "", "page": self.page, "pages": pages}
        return {**content, "total": total, "data": self.rows, **changes}

    def answer(self, **changes: Any) -> Response:
        return reply(self.body(**changes))

    def expired(self) -> Response:
        """What is answered once the session has ended."""
        return refusal(401, "Phiên đã hết hạn")


def offers(source: Source, record: str) -> bool:
    """Whether `source` delivers `record`: who sends dossiers also lists their keys."""
    listed = {"dossier_key"} if "dossier" in source.records else set()
    return record in {*source.records, *listed}


def moment(text: str) -> dt.datetime:
    """A query parameter's time, local. Raises ValueError."""
    return dt.datetime.strptime(text, STAMP)


def positive(text: str) -> int:
    """A query parameter's number from 1. Raises ValueError."""
    number = int(text)
    if number < 1:
        raise ValueError("below 1")
    return number


def call_of(
    nation: Nation,
    slug: str,
    record: str,
    query: Mapping[str, str],
    forget_tokens: Callable[[], None] = lambda: None,
) -> Call:
    """The call that a query describes. Raises KeyError or ValueError.

    `changed_since` and `until` bound the last change; a list of keys has `month` instead and is as
    of `until`.
    """
    until = moment(query["until"])
    if record == "dossier_key":
        since = dt.datetime.strptime(query["month"], "%Y%m")
    else:
        since = moment(query["changed_since"])
    window = nation.window(slug, record, since, until)
    page, page_size = positive(query["page"]), positive(query["page_size"])
    return Call(record, window, page, page_size, forget_tokens)
