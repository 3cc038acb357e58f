"""Reading the form of an answer, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from feedback.web.desk import READ_SECONDS
from feedback.web.refusals import Unanswered

MOST_BYTES = 20_000
"""Texts of the greatest length fit in, written as a form writes them."""
FORM = "application/x-www-form-urlencoded"
FIELDS = {"by", "note", "until"}


async def read_answer(request: Request) -> dict[str, str]:
    """The fields of the form. Raises Refused: 413 where it is too large, 408 where it comes too
    slowly, 400 where it is no such form."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(READ_SECONDS):
            content = b"".join([chunk async for chunk in _bounded(request)])
        pairs = parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=len(FIELDS),
        )
    except TimeoutError:
        raise Unanswered(408, "the form came too slowly", "Biểu mẫu gửi quá lâu.") from None
    except (ValueError, ClientDisconnect):
        raise _no_form() from None
    fields = dict(pairs)
    if kind != FORM or len(fields) < len(pairs) or set(fields) - FIELDS:
        raise _no_form()
    return fields


async def _bounded(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise Unanswered(413, "the form is too large", "Biểu mẫu gửi lên quá lớn.")
        yield chunk


def _no_form() -> Unanswered:
    return Unanswered(400, "no such form", "Biểu mẫu gửi lên bị hỏng; hãy mở lại liên kết.")
