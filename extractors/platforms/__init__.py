"""The platforms that sources run on: one module here for each, found by its file name."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.sources import Source
from extractors.delivery import Page


class Platform(Protocol):
    """What a module in this folder offers."""

    NEEDS: tuple[str, ...]
    """The words of a source file, beside those of every source, without which it cannot ask."""

    def pages(
        self, source: Source, record: str, night: Night, cursor: str
    ) -> Generator[Page, None, None]:
        """Ask for the pages one by one, lazily; raise a SourceError where the source fails."""

    def rows(self, source: Source, record: str, content: bytes) -> Iterator[Any]:
        """Read the rows of one page that `pages` yielded, without changing any of them."""


@cache
def names() -> tuple[str, ...]:
    """Every platform's name."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(name for name in found if name != "__init__")


def platform(source: Source) -> Platform:
    """The platform that `source` runs on. Raises DeclarationError for an unknown one, and for a
    source that lacks what its platform needs."""
    if source.platform not in names():
        problem = f"unknown platform {source.platform}; there are {', '.join(names())}"
        raise DeclarationError(f"{source.source_id}.yml", problem)
    module = cast(Platform, import_module(f"{__name__}.{source.platform}"))
    if missing := [word for word in module.NEEDS if not getattr(source, word)]:
        problem = f"{source.platform} needs {', '.join(missing)}"
        raise DeclarationError(f"{source.source_id}.yml", problem)
    return module
