"""Reading the form: source, record kind and one file, within bounds and in memory alone.

Starlette's own parser is used with its temporary files switched off. The name of the file is
kept for its ending; nothing else of it is looked at.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from typing import NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from feedback.web.desk import MOST_BYTES, READ_SECONDS
from feedback.web.refusals import Refused

OVERHEAD = 20_000
"""Bytes of a form beside its file."""
LONGEST_FIELD = 200
MOST_DRAINED = 8 * MOST_BYTES
"""So far a form that is too large is read on and thrown away: its sender then hears the answer."""
FIELDS = {"source", "record"}


class Sent(NamedTuple):
    """A form as it was sent."""

    source: str
    record: str
    name: str
    file: io.BytesIO


class InMemory(MultiPartParser):
    """Keeps files in memory whatever their size, which the stream bounds."""

    spool_max_size = 0


async def read_form(request: Request) -> Sent:
    """The form of a request. Raises Refused: 413 where it is too large, 408 where it comes too
    slowly, 400 where it is no such form."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise _no_form()
    parser = InMemory(
        request.headers, _bounded(request), max_files=1, max_fields=2, max_part_size=LONGEST_FIELD
    )
    try:
        async with asyncio.timeout(READ_SECONDS):
            form = await parser.parse()
    except TimeoutError:
        raise Refused(408, "the form came too slowly", "Tải tệp lên mất quá lâu.") from None
    except (MultiPartException, ClientDisconnect, ValueError, LookupError):
        raise _no_form() from None
    try:
        return await _sent(form)
    finally:
        await form.close()


async def _sent(form: FormData) -> Sent:
    file, names = form.get("file"), [name for name, _ in form.multi_items()]
    fields = {name: form.get(name, "") for name in FIELDS}
    source, record = fields["source"], fields["record"]
    is_whole = isinstance(file, UploadFile) and source and len(set(names)) == len(names)
    if not is_whole or set(names) - FIELDS - {"file"}:
        raise _no_form()
    if not isinstance(source, str) or not isinstance(record, str):
        raise _no_form()
    assert isinstance(file, UploadFile)
    return Sent(source, record, file.filename or "", io.BytesIO(await file.read()))


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MOST_BYTES + OVERHEAD:
            yield chunk
        elif size > MOST_DRAINED:
            break
    if size > MOST_BYTES + OVERHEAD:
        problem_vi = f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB."
        raise Refused(413, f"a file is larger than {MOST_BYTES} bytes", problem_vi)


def _no_form() -> Refused:
    problem = "no form with a source and one file, and at most a record kind beside"
    return Refused(400, problem, "Biểu mẫu gửi lên thiếu hệ thống nguồn hoặc tệp, hoặc bị hỏng.")
