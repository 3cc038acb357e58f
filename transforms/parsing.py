"""Reading one cell: text, lists, instants and whole numbers, understood exactly or refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

PATTERNS = {
    "yyyyMMdd": "%Y%m%d",
    "yyyy-MM-dd HH:mm:ss": "%Y-%m-%d %H:%M:%S",
    "yyyy-MM-dd": "%Y-%m-%d",
    "dd/MM/yyyy HH:mm:ss": "%d/%m/%Y %H:%M:%S",
    "dd/MM/yyyy HH:mm": "%d/%m/%Y %H:%M",
    "dd/MM/yyyy": "%d/%m/%Y",
}
DAY_ZERO_OF_EXCEL = dt.datetime(1899, 12, 30)
"""Excel counts days from here; its serials below 61 are off by one and are refused."""
PERIOD = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", re.ASCII)
DIGITS_12 = re.compile(r"\d{12}", re.ASCII)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECONDS = {f"{second:02d}": second * 1_000_000 for second in range(60)}


class Refusal(Exception):
    """A value that cannot be understood; the message is the reason code, never the value.
    `column` is the source's column that holds it."""

    column = ""


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


def parse_timestamp(value: Any, formats: Sequence[str], zone: ZoneInfo) -> int | None:
    """An instant in microseconds since 1970 UTC, as Arrow takes them, in the first of `formats`
    that fits: in the dialect's zone, or ``iso`` with its own offset."""
    text = text_of(value)
    if text is None:
        return None
    for format in formats:
        try:
            return _instant(text, format, zone)
        except (ValueError, KeyError, OverflowError):
            continue
    raise Refusal("bad_timestamp")


def _instant(text: str, format: str, zone: ZoneInfo) -> int:
    if format == "yyyyMMddHHmmss":
        return _minute(text[:12], zone) + SECONDS[text[12:]]
    moment = _moment(text, format)
    return _microseconds(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _moment(text: str, format: str) -> dt.datetime:
    if format == "iso":
        return dt.datetime.fromisoformat(text)
    if format == "excel_serial":
        return _of_excel(text)
    moment = dt.datetime.strptime(text, PATTERNS[format])
    if moment.strftime(PATTERNS[format]) != text:  # strptime also takes 1/2/2026
        raise ValueError("not written in full")
    return moment


def _of_excel(text: str) -> dt.datetime:
    """The moment of a serial number as Excel counts days, to the second."""
    if not re.fullmatch(r"\d{2,6}(\.\d+)?", text, re.ASCII) or float(text) < 61:
        raise ValueError("not an Excel serial")
    return DAY_ZERO_OF_EXCEL + dt.timedelta(seconds=round(float(text) * 86_400))


def parse_day(value: Any, formats: Sequence[str]) -> dt.date | None:
    """A calendar day in the first of `formats` that fits; a time of day in it is cut off."""
    text = text_of(value)
    if text is None:
        return None
    for format in formats:
        try:
            return _moment(text, format).date()
        except (ValueError, OverflowError):
            continue
    raise Refusal("bad_timestamp")


def period_bounds(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period written 2026, 2026-Q4, 2026-11 or 2026-11-22."""
    match = PERIOD.fullmatch(text)
    if not match:
        raise Refusal("bad_period")
    year, quarter, month, day = match.groups()
    try:
        if day:
            return (one := dt.date.fromisoformat(text)), one
        first = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
        months = 1 if month else 3 if quarter else 12
        begin = dt.date(int(year), first, 1)
    except ValueError:
        raise Refusal("bad_period") from None
    after = (begin + dt.timedelta(days=31 * months)).replace(day=1)
    return begin, after - dt.timedelta(days=1)


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


def parse_scaled(value: Any, factor: int, decimal: str) -> int | None:
    """A number with at most as many decimals as `factor` (a power of ten) keeps, times `factor`."""
    text = text_of(value)
    if text is None:
        return None
    if not re.fullmatch(rf"-?\d{{1,15}}({re.escape(decimal)}\d{{1,10}})?", text, re.ASCII):
        raise Refusal("bad_number")
    number = Decimal(text.replace(decimal, ".")) * factor
    if number != number.to_integral_value():
        raise Refusal("bad_number")
    return int(number)
