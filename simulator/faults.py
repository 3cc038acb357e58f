"""Faults for rehearsals: each kind is one function from the call to what goes wrong.

Set with ``POST /_faults/<slug>`` ``{"kind": "down", "times": 2}`` (``times`` missing: until
removed; with a ``record`` only for calls that ask for that kind), removed with
``DELETE /_faults/<slug>``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from simulator.answers import Dropped, cut, firewall, refusal
from simulator.feed import Call

SLOW_SECONDS = 5.0


@dataclass
class Fault:
    """A fault in force at one source for `times` more calls, None being without end; of the
    services only that of `record`, if it names one."""

    kind: str
    times: int | None = None
    seconds: float = SLOW_SECONDS
    record: str = ""


async def down(call: Call, fault: Fault) -> Response:
    return refusal(503, "Hệ thống tạm dừng")


async def dropped(call: Call, fault: Fault) -> Response:
    return Dropped()


async def slow(call: Call, fault: Fault) -> Response:
    await asyncio.sleep(fault.seconds)
    return call.answer()


async def server_error(call: Call, fault: Fault) -> Response:
    return refusal(500, "Lỗi máy chủ")


async def throttled(call: Call, fault: Fault) -> Response:
    return refusal(429, "Quá nhiều yêu cầu", **{"Retry-After": "1"})


async def firewalled(call: Call, fault: Fault) -> Response:
    return firewall()


async def token_expired(call: Call, fault: Fault) -> Response:
    call.forget_tokens()
    return call.expired()


async def truncated_page(call: Call, fault: Fault) -> Response:
    return cut(call.answer())


async def repeated_page(call: Call, fault: Fault) -> Response:
    """Page 1 whatever was asked, as a cache in between would answer."""
    return call.with_(page=1).answer()


async def repeated_rows(call: Call, fault: Fault) -> Response:
    """The rows of page 1 under the number that was asked for."""
    return call.answer(data=call.with_(page=1).rows)


async def changed_column(call: Call, fault: Fault) -> Response:
    """A required column (the code) goes by another name."""
    rows = [{("MaHS" if k == "MaHoSo" else k): v for k, v in r.items()} for r in call.rows]
    return call.answer(data=rows)


async def empty_night(call: Call, fault: Fault) -> Response:
    return call.with_(window=()).answer()


async def collapsed_night(call: Call, fault: Fault) -> Response:
    """A tenth of the rows, in an answer that looks complete."""
    return call.with_(window=call.window[::10]).answer()


KINDS: dict[str, Callable[[Call, Fault], Awaitable[Response]]] = {
    kind.__name__: kind
    for kind in (
        down,
        dropped,
        slow,
        server_error,
        throttled,
        firewalled,
        token_expired,
        truncated_page,
        repeated_page,
        repeated_rows,
        changed_column,
        empty_night,
        collapsed_night,
    )
}
AFTER_PAGE_1 = frozenset({"repeated_page", "repeated_rows"})


class Faults:
    """The faults in force, one a source."""

    def __init__(self) -> None:
        self.in_force: dict[str, Fault] = {}

    def put(self, slug: str, fault: Fault) -> None:
        """Raises ValueError for an unknown kind."""
        if fault.kind not in KINDS:
            raise ValueError("unknown kind of fault")
        self.in_force[slug] = fault

    def remove(self, slug: str) -> None:
        self.in_force.pop(slug, None)

    def is_in_force(self, slug: str, kind: str) -> bool:
        """Whether a source has that fault now; for platforms that answer it in a way of their own,
        as often as they are asked."""
        return slug in self.in_force and self.in_force[slug].kind == kind

    def take(self, slug: str, page: int, record: str = "") -> Fault | None:
        """The fault that this call meets, counted down."""
        fault = self.in_force.get(slug)
        if fault is None or (page == 1 and fault.kind in AFTER_PAGE_1):
            return None
        if fault.record and fault.record != record:
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.remove(slug)
        return fault

    async def answer(self, slug: str, call: Call) -> Response:
        """The answer to a call, right or as the fault in force spoils it."""
        fault = self.take(slug, call.page, call.record)
        return await KINDS[fault.kind](call, fault) if fault else call.answer()
