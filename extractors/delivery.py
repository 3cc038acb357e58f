"""What a collection brings: pages while it runs, and the facts about them when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LandedPage:
    """The facts about one stored page, for the manifest: nothing in it comes from a row."""

    number: int
    sha256: str
    bytes: int
    rows: int
    request: str
    attempts: int


@dataclass(frozen=True)
class Page:
    """One page as the source sent it.

    `number` counts from 1 within the delivery; `request` is the address and the parameters,
    without secrets; `attempts` is how often the page was asked for; `cursor_after` is where to
    continue once the delivery is complete.
    """

    number: int
    content: bytes
    rows: int
    request: str
    attempts: int
    cursor_after: str

    def landed_as(self, sha256: str) -> LandedPage:
        """The facts that remain once the content is stored under `sha256`."""
        return LandedPage(
            self.number, sha256, len(self.content), self.rows, self.request, self.attempts
        )


@dataclass(frozen=True)
class Delivery:
    """A complete collection of one record kind from one source: sums over its pages, the cursor
    to continue from, and the pages in order."""

    pages: int
    rows: int
    bytes: int
    attempts: int
    cursor_after: str
    sha256s: tuple[str, ...]
    landed: tuple[LandedPage, ...] = ()

    @classmethod
    def of(cls, landed: Sequence[LandedPage], cursor_after: str) -> Delivery:
        """Sum up the landed pages."""
        return cls(
            pages=len(landed),
            rows=sum(page.rows for page in landed),
            bytes=sum(page.bytes for page in landed),
            attempts=sum(page.attempts for page in landed),
            cursor_after=cursor_after,
            sha256s=tuple(page.sha256 for page in landed),
            landed=tuple(landed),
        )
