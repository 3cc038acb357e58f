"""Reading SOAP answers: row by row, in bounded memory, hostile ones refused.

SOAP 1.1 (section 3) forbids document types and processing instructions, so an answer that has
one never reaches the parser: no entity can be declared. The parser resolves nothing, loads nothing
and keeps libxml2's limits (256 levels, 10 MB a text); rows are forgotten as they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from catalog.errors import DeliveryBroken
from extractors.soap.contract import OURS, SOAP, XROAD, lists

CHUNK = 65_536
LONGEST_ROW = 1_000_000
"""Bytes of an answer that may pass without the end of a row: what is held at once."""
ROW, LIST, ITEM, BODY = f"{OURS}Dong", f"{OURS}DanhSach", f"{OURS}Muc", f"{SOAP}Body"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
START = re.compile(
    rb"(?:\xef\xbb\xbf)?+\s*+(?:<\?xml\s([^?<>]*+)\?>)?+(?:\s++|<!--.*?-->)*+<(?![!?])", re.DOTALL
)
ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")


class Malformed(Exception):
    """What is wrong with an answer, in words that hold nothing of it."""


class Letter(NamedTuple):
    """An answer without its rows: the X-Road id, and the single element of its body."""

    id: str
    body: etree._Element


def read(source_id: str, content: bytes) -> Iterator[Any]:
    """The rows of an answer one by one, and after them its `Letter`. Raises DeliveryBroken."""
    try:
        yield from _read(content)
    except Malformed as error:
        raise DeliveryBroken(source_id, str(error)) from None
    except (etree.XMLSyntaxError, RecursionError) as error:
        problem = f"cut or unexpected XML instead of an answer ({type(error).__name__})"
        raise DeliveryBroken(source_id, problem) from None


def _read(content: bytes) -> Iterator[Any]:
    _check_start(content)
    parser, idle = _parser(), 0
    for start in range(0, len(content), CHUNK):
        parser.feed(content[start : start + CHUNK])
        idle += CHUNK
        for row in _rows(parser):
            idle = 0
            yield row
        if idle > LONGEST_ROW:
            raise Malformed(f"more than {LONGEST_ROW} bytes of an answer without a row")
    yield _letter(parser.close())


def _check_start(content: bytes) -> None:
    """Before any parser: an element must come first, and UTF-8 be what is declared."""
    start = START.match(content)
    if not start:
        raise Malformed("a document type, HTML or something else instead of a SOAP envelope")
    encoding = ENCODING.search(start[1] or b"")
    if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise Malformed("an answer declares another encoding than UTF-8")


def _parser() -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("end",),
        tag=ROW,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )


def _rows(parser: etree.XMLPullParser) -> Iterator[Any]:
    """The rows that have come to their end. Each stays, emptied, until the next one is read: the
    parser still holds it."""
    for _, element in parser.read_events():
        path = [ancestor.tag for ancestor in element.iterancestors()]
        if len(path) != 4 or path[0] != LIST or path[2] != BODY:
            continue
        yield _columns(element)
        element.clear(keep_tail=True)
        while (before := element.getprevious()) is not None:
            _check_stray(before)
            element.getparent().remove(before)


def _check_stray(element: etree._Element) -> None:
    if element.tag != ROW or (element.tail and element.tail.strip()):
        raise Malformed("something other than rows in DanhSach")


def _columns(row: etree._Element) -> Any:
    """Column -> value; where a name comes twice or text stands between the columns, all of it as
    pairs, so that nothing is lost and the row is turned away."""
    pairs = [(cell.tag.removeprefix(OURS), _value(cell)) for cell in row]
    columns, loose = dict(pairs), _loose(row)
    if len(columns) < len(pairs) or loose:
        return [["", loose], *map(list, pairs)]
    return columns


def _value(cell: etree._Element) -> Any:
    """A text, a list, or what stands in its place; None only where the source says nil."""
    if len(cell):
        is_list = all(item.tag == ITEM for item in cell) and not _loose(cell)
        return [_columns(item) for item in cell] if is_list else _columns(cell)
    text = cell.text or ""
    if not text and cell.get(NIL) in {"true", "1"}:
        return None
    return [] if cell.tag in lists() and not text.strip() else text


def _loose(element: etree._Element) -> str:
    """Text between the children, where only they may stand."""
    return "".join(filter(None, [element.text, *(child.tail for child in element)])).strip()


def _letter(root: etree._Element) -> Letter:
    body = root.find(BODY) if root.tag == f"{SOAP}Envelope" else None
    if body is None or len(body) != 1:
        raise Malformed("no SOAP envelope with a single element in its body")
    for listed in body[0].iterfind(LIST):
        if (listed.text or "").strip():
            raise Malformed("something other than rows in DanhSach")
        for left in listed:
            _check_stray(left)
    return Letter(root.findtext(f"{SOAP}Header/{XROAD}id", ""), body[0])
