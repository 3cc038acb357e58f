"""One call of a feed: the page that was asked for, cut out of the window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from starlette.responses import Response

from simulator.nation import Window

SERVICES = {"DongBoHoSoMC": "dossier", "DongBoDanhGia": "rating"}
"""The lgsp_json services by name, and the record kind that each delivers."""
STAMP = "%Y%m%d%H%M%S"


def reply(content: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    body = msgspec.json.encode(content)
    return Response(body, status, {"Content-Type": "application/json", **headers})


def refusal(status: int, message: str, **headers: str) -> Response:
    """An answer that says no."""
    return reply({"error_code": str(status), "message": message}, status, **headers)


@dataclass(frozen=True)
class Call:
    """What was asked and what is true; a fault may answer something else.

    `forget_tokens` ends the tokens of the source that is called.
    """

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

    def answer(self) -> Response:
        return reply(self.body())


def moment(text: str) -> dt.datetime:
    """A query parameter's time, local. Raises ValueError."""
    return dt.datetime.strptime(text, STAMP)


def positive(text: str) -> int:
    """A query parameter's number from 1. Raises ValueError."""
    number = int(text)
    if number < 1:
        raise ValueError("below 1")
    return number
