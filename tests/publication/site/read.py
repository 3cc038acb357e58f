"""Pages read strictly: every tag closed, in order, and what they link to and load."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "source"}
SILENT = {"code", "pre", "script", "style"}
"""Elements whose text may be code."""


class Read(HTMLParser):
    """`text` is what people read; `links` are the ``href`` of anchors, `loaded` is what the page
    needs; `problems` say where it is not well formed."""

    def __init__(self, page: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.problems: list[str] = []
        self.labels: list[str] = []
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self.open]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if len(told) < len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        self.tags.append(tag)
        self.ids += [found for found in [told.get("id")] if found]
        self.labels += [found for found in [told.get("aria-label")] if found]
        self._links(tag, told)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def _links(self, tag: str, told: dict[str, str | None]) -> None:
        where = told.get("href") or told.get("src")
        if where:
            (self.links if tag == "a" else self.loaded).append(where)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            line, column = self.getpos()
            self.problems.append(f"{line}:{column}: </{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not SILENT & set(self.open):
            self.parts.append(data)
