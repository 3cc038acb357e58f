"""One XML part of a workbook, streamed; document types, and with them entities, are refused."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Protocol
from xml.parsers import expat
from zipfile import ZipFile

from extractors.files.cut import Unreadable

CHUNK = 65_536


class Handler(Protocol):
    """Called for each element by its local name, and for text."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def stream(archive: ZipFile, part: str, handler: Handler) -> Iterator[None]:
    """Parses `part` piece by piece, giving the caller a turn after each."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, found: handler.start(_local(name), found)
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.text
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
                yield
        parser.Parse(b"", True)
        yield
    except (KeyError, expat.ExpatError):
        raise Unreadable(f"lacks a well-formed {posixpath.basename(part)}") from None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refuse(*declared: Any) -> None:
    raise Unreadable("declares a document type in its XML")
