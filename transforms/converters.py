"""Converters: one value in the source's words to one value in ours, or a reason why not.

A converter takes the cell and its row and returns the value, None for "not stated", or raises
`Refusal`. Nothing is coerced: a value is understood exactly or refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from catalog import identifiers
from catalog.areas import area_of_unit
from catalog.errors import DeclarationError
from catalog.records import Field
from transforms.dialects import Mapping as Rule
from transforms.dialects import words_of
from transforms.parsing import (
    Refusal,
    list_of,
    parse_day,
    parse_integer,
    parse_scaled,
    parse_timestamp,
    period_bounds,
    text_of,
)

Row = Mapping[str, Any]
Converter = Callable[[Any, Row], Any]


@dataclass(frozen=True)
class Context:
    """What a converter may need beside the value."""

    rule: Rule
    field: Field
    zone: ZoneInfo
    key: bytes


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


def _bound(which: int) -> Callable[[Context], Converter]:
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


def _identifier(normalise: Callable[[str], str], reason: str) -> Callable[[Context], Converter]:
    def build(context: Context) -> Converter:
        def convert(value: Any, row: Row) -> str | None:
            code = text_of(value)
            try:
                return normalise(code) if code else None
            except ValueError:
                raise Refusal(reason) from None

        return convert

    return build


def _checked_dossier_code(code: str) -> str:
    identifiers.dossier_unit(code)
    return code


def _area_of_unit(code: str) -> str:
    return area_of_unit(identifiers.unit_code(code))


def _area_of_dossier(code: str) -> str:
    return area_of_unit(identifiers.dossier_unit(code))


def procedure_base(context: Context) -> Converter:
    """The national base code. A dossier without one waits for a mapping instead of vanishing."""

    def convert(value: Any, row: Row) -> str:
        try:
            return identifiers.procedure_base(text_of(value) or "")
        except ValueError:
            raise Refusal("unmapped_procedure") from None

    return convert


def keyed_hmac(context: Context) -> Converter:
    """HMAC-SHA256 of a personal number under the key of the environment; fillers have none."""
    fillers = words_of(context.rule, None)

    def convert(value: Any, row: Row) -> str | None:
        number = text_of(value)
        if number is None or number in fillers:
            return None
        return hmac.new(context.key, number.encode(), hashlib.sha256).hexdigest()

    return convert


def placeholder(context: Context) -> Converter:
    fillers = words_of(context.rule, None)

    def convert(value: Any, row: Row) -> bool | None:
        number = text_of(value)
        return None if number is None else number in fillers

    return convert


def _items(value: Any, item: str) -> list[Any] | None:
    elements = list_of(value)
    if elements is None:
        return None
    if not all(isinstance(element, dict) for element in elements):
        raise Refusal("bad_structure")
    return [element.get(item) for element in elements]


def count_of(context: Context) -> Converter:
    def convert(value: Any, row: Row) -> int | None:
        elements = list_of(value)
        return None if elements is None else len(elements)

    return convert


def sum_of(context: Context) -> Converter:
    """The sum over a list; an empty list states nothing, an element without a number is refused."""

    def convert(value: Any, row: Row) -> int | None:
        numbers = [parse_integer(number) for number in _items(value, context.rule.item) or []]
        if not numbers:
            return None
        if None in numbers:
            raise Refusal("bad_number")
        return sum(n for n in numbers if n is not None)

    return convert


def _instants(context: Context, value: Any) -> list[int | None]:
    cells = _items(value, context.rule.item) or []
    return [parse_timestamp(cell, context.rule.formats, context.zone) for cell in cells]


def earliest_of(context: Context) -> Converter:
    def convert(value: Any, row: Row) -> int | None:
        return min((i for i in _instants(context, value) if i is not None), default=None)

    return convert


def latest_of_all(context: Context) -> Converter:
    """The latest instant of a list, or None while any element lacks its own."""

    def convert(value: Any, row: Row) -> int | None:
        instants = _instants(context, value)
        stated = [i for i in instants if i is not None]
        return max(stated) if stated and len(stated) == len(instants) else None

    return convert


def has_new_file(context: Context) -> Converter:
    """Whether the list links a file that the second list does not: some exporters fill the result
    list with the first submitted document (DOMAIN section 6, reality 7)."""

    def convert(value: Any, row: Row) -> bool | None:
        files = _items(value, context.rule.item)
        if files is None:
            return None
        others = set(_items(row.get(context.rule.against), context.rule.against_item) or [])
        return any(file and file not in others for file in files)

    return convert


CONVERTERS: dict[str, Callable[[Context], Converter]] = {
    "text": text,
    "words": words,
    "timestamp": timestamp,
    "integer": integer,
    "date": date,
    "scaled": scaled,
    "constant": constant,
    "period": period,
    "period_start": _bound(0),
    "period_end": _bound(1),
    "joined": joined,
    "phrase": phrase,
    "presence": presence,
    "unit_code": _identifier(identifiers.unit_code, "bad_identifier"),
    "area_of_unit": _identifier(_area_of_unit, "bad_identifier"),
    "area_of_dossier": _identifier(_area_of_dossier, "bad_identifier"),
    "dossier_code": _identifier(_checked_dossier_code, "bad_identifier"),
    "dossier_unit": _identifier(identifiers.dossier_unit, "bad_identifier"),
    "procedure_base": procedure_base,
    "keyed_hmac": keyed_hmac,
    "placeholder": placeholder,
    "count_of": count_of,
    "sum_of": sum_of,
    "earliest_of": earliest_of,
    "latest_of_all": latest_of_all,
    "has_new_file": has_new_file,
}
BY_TYPE = {
    "string": "text",
    "code": "words",
    "boolean": "words",
    "timestamp": "timestamp",
    "date": "date",
    "integer": "integer",
    "money": "integer",
}


def converter_name(rule: Rule, field: Field) -> str:
    """The converter that the rule names, or the usual one for the field's type."""
    usual = "words" if isinstance(rule.words, dict) else BY_TYPE[field.type]
    return rule.read_as or usual


def converter(context: Context) -> Converter:
    """How the rule makes its field. Raises DeclarationError for a converter that nobody wrote."""
    name = converter_name(context.rule, context.field)
    if name not in CONVERTERS:
        raise DeclarationError("dialect", f"{'+'.join(context.rule.columns)}: no converter {name}")
    return CONVERTERS[name](context)
