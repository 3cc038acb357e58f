"""What every platform of the nation shares: the nation, its tokens, the faults in force."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from catalog.sources import Source
from simulator.answers import Dropped, cut, firewall, refusal
from simulator.faults import Faults
from simulator.nation import Nation
from simulator.tokens import Tokens


class Desk:
    """Answers for all sources of one nation."""

    def __init__(self, nation: Nation, token_seconds: int = 3600) -> None:
        self.nation = nation
        self.tokens = Tokens(token_seconds)
        self.faults = Faults()

    def sources(self, platform: str) -> dict[str, Source]:
        """The nation's sources of one platform."""
        return {i: s for i, s in self.nation.sources.items() if s.platform == platform}

    async def spoilt(self, slug: str, whole: Response | None = None) -> Response | None:
        """The answer of a fault in force that any platform can have: ``down``, ``server_error``,
        ``throttled``, ``dropped``, ``firewalled``, ``truncated_page`` of the `whole` answer where
        there is one; ``slow`` only takes time."""
        fault = self.faults.take(slug, page=0)
        if fault is None:
            return None
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.kind == "throttled":
            return refusal(429, "Quá nhiều yêu cầu", **{"Retry-After": "1"})
        if fault.kind == "dropped":
            return Dropped()
        if fault.kind == "firewalled":
            return firewall()
        if fault.kind == "truncated_page" and whole is not None:
            return cut(whole)
        return refusal(503 if fault.kind == "down" else 500, "Hệ thống gặp lỗi")
