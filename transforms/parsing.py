"""Reading one cell: text, lists, instants and whole numbers, understood exactly or refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

DIGITS_12 = re.compile(r"\d{12}", re.ASCII)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECONDS = {f"{second:02d}": second * 1_000_000 for second in range(60)}


class Refusal(Exception):
    """A value that cannot be understood; the message is the reason code, never the value."""


def text_of(value: Any) -> str | None:
    """The cell as NFC text; an empty string is "not stated"."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refusal("bad_structure")
    return unicodedata.normalize("NFC", value)


def list_of(value: Any) -> list[Any] | None:
    if value is None or isinstance(value, list):
        return value
    raise Refusal("bad_structure")


def parse_timestamp(value: Any, format: str, zone: ZoneInfo) -> int | None:
    """An instant in microseconds since 1970 UTC, as Arrow takes them: ``yyyyMMddHHmmss`` in the
    dialect's zone, or ``iso`` with its own offset."""
    text = text_of(value)
    if text is None:
        return None
    try:
        if format == "iso":
            moment = dt.datetime.fromisoformat(text)
            return _microseconds(moment if moment.tzinfo else moment.replace(tzinfo=zone))
        return _minute(text[:12], zone) + SECONDS[text[12:]]
    except (ValueError, KeyError):
        raise Refusal("bad_timestamp") from None


@lru_cache(maxsize=200_000)
def _minute(text: str, zone: ZoneInfo) -> int:
    """The instant of ``yyyyMMddHHmm``; the same minutes come again and again."""
    if not DIGITS_12.fullmatch(text):
        raise ValueError("not a minute")
    parts = map(int, (text[:4], text[4:6], text[6:8], text[8:10], text[10:]))
    return _microseconds(dt.datetime(*parts, tzinfo=zone))  # type: ignore[arg-type,misc]


def _microseconds(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def parse_integer(value: Any) -> int | None:
    text = text_of(value)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        raise Refusal("bad_number")
    return int(text)
