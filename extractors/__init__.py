"""Talks to sources: yields their pages as sent, and reads the rows out of a landed page.

A transport or vendor platform is one module in ``extractors/platforms``; its file name is the
word that a source file writes under ``platform``. What it is made of lies beside it: ``web`` asks
over HTTP, ``paging`` goes from page to page, ``files`` reads delivered files, and ``soap``,
``views`` and ``national`` each hold what one kind of system needs. docs/platforms.md tells the
people who run such systems what is asked of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from catalog.night import Night
from catalog.sources import Source
from extractors.delivery import Delivery, LandedPage, Page
from extractors.platforms import Platform, platform

__all__ = ["Delivery", "LandedPage", "Page", "Platform", "collect", "platform", "read"]


def collect(
    source: Source, record: str, night: Night, cursor: str, land: Callable[[bytes], str]
) -> Delivery:
    """Bring what `source` has of `record` since `cursor`, up to the end of `night`.

    `land` stores one page and returns its sha256; it is called before the next page is asked
    for, so no more than one page is held. `cursor` is the `cursor_after` of an earlier delivery,
    or empty the first time. Raises a SourceError when the delivery is not complete (the cursor
    then stays where it was) and DeclarationError for a platform that nobody wrote.
    """
    landed: list[LandedPage] = []
    with closing(platform(source).pages(source, record, night, cursor)) as pages:
        for page in pages:
            landed.append(page.landed_as(land(page.content)))
            cursor = page.cursor_after
    return Delivery.of(landed, cursor)


def read(source: Source, record: str, content: bytes) -> Iterator[Any]:
    """The rows of one landed page in the source's own words: dicts, and as it came whatever the
    source sent in place of a row (for conform to reject as ``bad_structure``)."""
    return platform(source).rows(source, record, content)
