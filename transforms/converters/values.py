"""Converters of one cell by its type: text, words, times, numbers, periods."""

from __future__ import annotations

import datetime as dt
from typing import Any

from transforms.converters.context import Context, Converter, Maker, Row
from transforms.dialects import words_of
from transforms.parsing import (
    Refusal,
    parse_day,
    parse_integer,
    parse_scaled,
    parse_timestamp,
    period_bounds,
    text_of,
)


def text(context: Context) -> Converter:
    return lambda value, row: text_of(value)


def words(context: Context) -> Converter:
    """One of the declared words; any other is refused, never given a default."""
    known = words_of(context.rule, context.field.codes)
    reason = "bad_boolean" if context.field.type == "boolean" else "unknown_code"

    def convert(value: Any, row: Row) -> Any:
        word = text_of(value)
        if word is None:
            return None
        if word not in known:
            raise Refusal(reason)
        return known[word]

    return convert


def timestamp(context: Context) -> Converter:
    return lambda value, row: parse_timestamp(value, context.rule.formats, context.zone)


def date(context: Context) -> Converter:
    return lambda value, row: parse_day(value, context.rule.formats)


def scaled(context: Context) -> Converter:
    """A number with decimals, times `factor`: 84,79 points are 8479 hundredths."""
    rule = context.rule
    return lambda value, row: parse_scaled(value, rule.factor, rule.decimal)


def constant(context: Context) -> Converter:
    """The `factor` itself where the cell states anything: the denominator of a plain number."""
    return lambda value, row: None if text_of(value) is None else context.rule.factor


def period(context: Context) -> Converter:
    """The period as written, once it is one: 2026, 2026-Q4, 2026-11 or 2026-11-22."""

    def convert(value: Any, row: Row) -> str | None:
        written = text_of(value)
        if written:
            period_bounds(written)
        return written

    return convert


def _bound(which: int) -> Maker:
    def build(context: Context) -> Converter:
        def convert(value: Any, row: Row) -> dt.date | None:
            written = text_of(value)
            return period_bounds(written)[which] if written else None

        return convert

    return build


def joined(context: Context) -> Converter:
    """Several columns as one code, ``a/b/c``; nothing where one of them is empty."""

    def convert(value: Any, row: Row) -> str | None:
        parts = [text_of(part) for part in value]
        return "/".join(part for part in parts if part) if all(parts) else None

    return convert


def phrase(context: Context) -> Converter:
    """One of the declared words, or nothing: for free text, of which no more is looked at."""
    known = words_of(context.rule, context.field.codes)
    return lambda value, row: known.get(text_of(value) or "")


def integer(context: Context) -> Converter:
    return lambda value, row: parse_integer(value)


def presence(context: Context) -> Converter:
    """The words ``present`` and ``absent``, by whether the cell holds anything."""
    known = words_of(context.rule, context.field.codes)
    return lambda value, row: known["present" if text_of(value) else "absent"]


period_start, period_end = _bound(0), _bound(1)
