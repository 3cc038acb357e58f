"""Answers that the nation's web servers have in common."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send


def reply(content: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    body = msgspec.json.encode(content)
    return Response(body, status, {"Content-Type": "application/json", **headers})


def refusal(status: int, message: str, **headers: str) -> Response:
    """An answer that says no."""
    return reply({"error_code": str(status), "message": message}, status, **headers)


def firewall() -> Response:
    """What a firewall answers to a client that it refuses: HTML, with status 200."""
    body = "The requested URL was rejected. Your support ID is: 5318008"
    title = "<title>Request Rejected</title>"
    return HTMLResponse(f"<html><head>{title}</head><body>{body}</body></html>")


def cut(whole: Response) -> Response:
    """The first half of an answer, as if it were whole."""
    kind = {"Content-Type": whole.headers["Content-Type"]}
    return Response(whole.body[: len(whole.body) // 2], whole.status_code, kind)


class Dropped(Response):
    """An answer that breaks off: fewer bytes than promised, then the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"error_', "more_body": True})
