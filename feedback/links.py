"""Signed links, by which people open the page of their area and answer without a login.

Whoever has a link may do the one thing that it is for, until its last day has ended. A token is
signed with a salt for its purpose, so that a link to look can never answer, and it says nothing
but what its address is about.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from catalog.errors import LinkRefused, SettingsError
from catalog.night import local_date

Purpose = Literal["page", "acknowledge", "dispute", "accept"]
ANSWERS: tuple[Purpose, ...] = ("acknowledge", "dispute", "accept")
PROVINCES: tuple[Purpose, ...] = ("acknowledge", "dispute")
"""What a province may answer; to accept a deviation is the office's."""
Keys = Sequence[str]
"""Of the newest key, the last, links are made; those of the others still hold."""


@dataclass(frozen=True)
class Link:
    """What a link is for: the page of `area`, or one answer about one of its incidents; it holds
    through the day `until` in Viet Nam."""

    purpose: Purpose
    area: str
    until: dt.date
    incident_id: str = ""


def keys(secret: str) -> Keys:
    """The keys in a secret, with white space between them. Raises SettingsError without any."""
    if not secret.split():
        raise SettingsError("MOTCUA_LINKS holds no key")
    return secret.split()


def path(link: Link, by: Keys) -> str:
    """Where the link leads, below the address of the pages."""
    return f"/{'p' if link.purpose == 'page' else 'a'}/{token(link, by)}"


def answers(area: str, incident_id: str, until: dt.date, by: Keys) -> dict[str, str]:
    """Where the people of an area answer for one of its incidents, by purpose."""
    return {each: path(Link(each, area, until, incident_id), by) for each in PROVINCES}


def token(link: Link, by: Keys) -> str:
    """`link`, signed."""
    said = [link.area, link.until.isoformat(), link.incident_id]
    return str(_signing(link.purpose, by).dumps(said))


def read(written: str, wanted: Collection[Purpose], by: Keys, at: dt.datetime) -> Link:
    """The link behind a token, if it is for one of the purposes `wanted` and holds at the aware
    instant `at`. Raises LinkRefused."""
    link = _signed(written, by)
    if link.purpose not in wanted:
        raise LinkRefused("for something else")
    if link.until < local_date(at):
        raise LinkRefused("run out")
    return link


def _signed(written: str, by: Keys) -> Link:
    if not _is_canonical(written):
        raise LinkRefused("not ours")
    for purpose in get_args(Purpose):
        try:
            area, until, incident_id = _signing(purpose, by).loads(written)
        except BadData:
            continue
        return Link(purpose, area, dt.date.fromisoformat(until), incident_id)
    raise LinkRefused("not ours")


def _is_canonical(written: str) -> bool:
    """Whether the signature is written in the one way that we write it: base64 leaves bits unused
    and passes over strange characters, so that one token could be written in several ways."""
    signature = written.rpartition(".")[2]
    try:
        return written.isascii() and base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False


def _signing(purpose: Purpose, by: Keys) -> URLSafeSerializer:
    strong = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(list(by), salt=f"motcua.links.{purpose}", signer_kwargs=strong)
