"""What stands behind the page: the sources, the day, the judge, and one file at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.sources import Source
from feedback.outcome import Outcome
from feedback.web.refusals import Refused

MOST_BYTES = 25_000_000
MOST_ROWS, MOST_VALUES = 100_000, 2_000_000
READ_SECONDS = 30.0
"""Seconds for the upload, and again for reading its rows; judging is bounded by their number."""
ANSWER_SECONDS = 180.0
MOST_WAITING = 8

T = TypeVar("T")
Judge = Callable[[Source, str, Night, str, BinaryIO], Outcome]


@dataclass(frozen=True)
class Desk:
    """`judge(source, record kind, night, file's name, file)` says what `night()` would make of
    it; the name serves for its ending alone."""

    sources: Mapping[str, Source]
    night: Callable[[], Night]
    judge: Judge

    def source(self, source_id: str) -> Source:
        """The source of that id; a Refused of 404 where there is none."""
        if source_id not in self.sources:
            raise Refused(404, "no such source", "Không có hệ thống nguồn này.")
        return self.sources[source_id]

    def record(self, source: Source, kind: str) -> str:
        """The record kind, by default the first that the source sends."""
        if kind and kind not in source.records:
            problem = "Hệ thống nguồn này không gửi loại bản ghi đó."
            raise Refused(404, "the source sends no such record kind", problem)
        return kind or source.records[0]


class Queue:
    """One thing is done at a time, in a thread of its own; the engine beneath is not made for two.
    Few may wait. One that takes too long is answered, and ends by its own bounds."""

    def __init__(self, name: str) -> None:
        self.thread = ThreadPoolExecutor(1, name)
        self.waiting = 0

    async def __call__(self, work: Callable[[], T]) -> T:
        if self.waiting >= MOST_WAITING:
            raise Refused(503, "too many are waiting", "Đang có nhiều người chờ; hãy thử lại sau.")
        self.waiting += 1
        running = asyncio.get_running_loop().run_in_executor(self.thread, work)
        running.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(running), ANSWER_SECONDS)
        except TimeoutError:
            raise Refused(503, "it takes too long", "Việc này mất quá lâu.") from None
        except DeclarationError as error:
            raise Refused(500, str(error), error.message_vi) from None

    def _ended(self, running: asyncio.Future[Any]) -> None:
        self.waiting -= 1
        if not running.cancelled():
            running.exception()

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
