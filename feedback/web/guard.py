"""What holds for every request: only from this machine's own page, and nothing slips out.

The page has no login and keeps nothing, so that a forged request could only make it work in vain.
Even so it is refused: a browser says where a request comes from (``Sec-Fetch-Site``, ``Origin``),
and a name that was pointed at this machine is none of ours (``Host``).
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OURS = {"127.0.0.1", "localhost"}
SAFE = {"GET", "HEAD", "OPTIONS"}
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Wraps the application; an error that nobody expected is logged by its kind and place, for
    its words may hold what was in the file."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        has_begun = False

        async def guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        if not is_ours(scope["method"], Headers(scope=scope)):
            refusal = JSONResponse({"problem": "a request from elsewhere"}, 403)
            return await refusal(scope, receive, guarded)
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            structlog.get_logger().error("trial failed", error=type(error).__name__, at=_at(error))
            if not has_begun:
                failed = JSONResponse({"problem": "an error of the program"}, 500)
                await failed(scope, receive, guarded)


def is_ours(method: str, headers: Headers) -> bool:
    """Whether a request comes from our own page, or from no page at all."""
    host = headers.get("Host", "")
    if urlsplit(f"//{host}").hostname not in OURS:
        return False
    if method in SAFE:
        return True
    origin = headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return False
    return headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def _at(error: BaseException) -> str:
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    return f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
