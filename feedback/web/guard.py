"""What holds for every request: only from our own pages, and nothing slips out.

There is no login, and a link is a key, so a forged request could make the application work in vain
or answer in somebody's name. It is refused: a browser says where a request comes from
(``Sec-Fetch-Site``, ``Origin``), and a name that was pointed at this machine is none of ours
(``Host``). Who comes by the office's address gets what signed links lead to and nothing else.
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
SIGNED = ("/p/", "/a/", "/style.css")
"""What others may ask for than who sits at this machine (decision 34)."""
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

    def __init__(self, app: ASGIApp, web_url: str) -> None:
        self.app, self.office = app, urlsplit(web_url)

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

        if not self._is_ours(scope["method"], scope["path"], Headers(scope=scope)):
            refusal = JSONResponse({"problem": "a request from elsewhere"}, 403)
            return await refusal(scope, receive, guarded)
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            structlog.get_logger().error(
                "request failed", error=type(error).__name__, at=_at(error)
            )
            if not has_begun:
                failed = JSONResponse({"problem": "an error of the program"}, 500)
                await failed(scope, receive, guarded)

    def _is_ours(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a request comes from our own page, or from no page at all."""
        try:
            scheme, host = "http", urlsplit(f"//{headers.get('Host', '')}")
        except ValueError:
            return False
        if host.hostname not in OURS:
            if host.hostname != self.office.hostname or not path.startswith(SIGNED):
                return False
            scheme = self.office.scheme
        return method in SAFE or _is_same_site(headers, f"{scheme}://{host.netloc}")


def _is_same_site(headers: Headers, own: str) -> bool:
    """A page without a referrer posts from the origin ``null``: then ``Sec-Fetch-Site`` must say
    that it is ours."""
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin", own)
    if origin == "null":
        return site == "same-origin"
    return origin == own and site in (None, "same-origin", "none")


def _at(error: BaseException) -> str:
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    return f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
