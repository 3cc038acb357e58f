"""The sources folder beside the list of members that an exchange publishes.

The list is our plain contract, ``{"members": [{"code", "name", "since"}]}`` as JSON or the same
columns as CSV, with `source_id` where the exchange knows it; or the ``shared-params.xml`` of an
X-Road global configuration, whose members have a code and a name.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from lxml import etree

from catalog.errors import DeliveryBroken, SourceUnavailable
from catalog.identifiers import unit_code
from catalog.sources import Source

WHO = "member list"
LARGEST = 20_000_000
TONES = "\u0300\u0301\u0303\u0309\u0323"


class Member(msgspec.Struct, frozen=True):
    """One system or administration on the exchange. `code` is its identification code in either
    form; `since` the ISO day from which it takes part, empty where that is not said."""

    code: str
    name: str
    since: str = ""
    source_id: str = ""


class _List(msgspec.Struct):
    members: list[Member]


def read_members(address: str) -> list[Member]:
    """The list at a web address or in a file. Raises SourceUnavailable or DeliveryBroken; an empty
    list is refused, for nobody can tell it from one that lost its members."""
    content = _fetched(address)
    try:
        members = _read(content)
    except (msgspec.MsgspecError, etree.XMLSyntaxError, csv.Error, ValueError):
        raise DeliveryBroken(WHO, "neither members as JSON or CSV nor shared-params.xml") from None
    if not members:
        raise DeliveryBroken(WHO, "the list names no member")
    return members


def _read(content: bytes) -> list[Member]:
    start = content.lstrip()[:1]
    if start == b"<":
        return list(_of_xroad(content))
    if start == b"{":
        return msgspec.json.decode(content, type=_List).members
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return msgspec.convert(lines, list[Member])


def _fetched(address: str) -> bytes:
    content = bytearray()
    try:
        if not address.startswith(("http://", "https://")):
            return Path(address).read_bytes()
        with httpx2.stream("GET", address, timeout=60) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > LARGEST:
                    raise DeliveryBroken(WHO, f"the list is larger than {LARGEST} bytes")
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        problem = f"the list cannot be read ({type(error).__name__})"
        raise SourceUnavailable(WHO, problem) from None
    return bytes(content)


def _of_xroad(content: bytes) -> Iterator[Member]:
    safe = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, safe)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a configuration has no document type")
    for member in root.iterfind("{*}member"):
        yield Member(member.findtext("{*}memberCode", ""), member.findtext("{*}name", ""))


def compare(
    members: Iterable[Member], sources: Mapping[str, Source], on: str
) -> list[dict[str, str]]:
    """Where list and folder differ on the ISO day `on`: ``not_declared`` (in the list alone),
    ``not_listed`` (a source with an address that the list lacks), ``other_name``."""
    found: list[dict[str, str]] = []
    matched: set[str] = set()
    for member in members:
        if member.since > on:
            continue
        ours = _ours(member, sources)
        matched |= {source.source_id for source in ours}
        if not ours:
            found.append(_difference("not_declared", member.code, member.source_id, member.name))
        elif _folded(member.name) not in {_folded(source.name_vi) for source in ours}:
            named = f"{ours[0].name_vi} ≠ {member.name}"
            found.append(_difference("other_name", member.code, ours[0].source_id, named))
    for source in sources.values():
        if source.url and source.source_id not in matched:
            gone = _difference("not_listed", source.area, source.source_id, source.name_vi)
            found.append(gone)
    return found


def _ours(member: Member, sources: Mapping[str, Source]) -> list[Source]:
    if member.source_id:
        return [sources[member.source_id]] if member.source_id in sources else []
    try:
        code = unit_code(member.code)
    except ValueError:
        code = member.code
    return [source for source in sources.values() if source.area == code]


def _difference(difference: str, code: str, source_id: str, name: str) -> dict[str, str]:
    return {"difference": difference, "code": code, "source_id": source_id, "name": name}


def _folded(name: str) -> str:
    """The name without case and tones: Hòa and Hoà are one place written by two rules."""
    marks: Any = unicodedata.normalize("NFD", name.casefold())
    return " ".join("".join(c for c in marks if c not in TONES).split())
