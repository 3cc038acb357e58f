"""Converters: one value in the source's words to one value in ours, or a reason why not.

A converter takes the cell and its row and returns the value, None for "not stated", or raises
`Refusal`. Nothing is coerced: a value is understood exactly or refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from catalog import identifiers
from catalog.records import Field
from transforms.dialects import Mapping as Rule
from transforms.dialects import words_of
from transforms.parsing import Refusal, list_of, parse_integer, parse_timestamp, text_of

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
    return lambda value, row: parse_timestamp(value, context.rule.format, context.zone)


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
    return [parse_timestamp(cell, context.rule.format, context.zone) for cell in cells]


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
    "presence": presence,
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
    "integer": "integer",
    "money": "integer",
}


def converter(context: Context) -> Converter:
    """The converter that the rule names, or the usual one for the field's type."""
    usual = "words" if isinstance(context.rule.words, dict) else BY_TYPE[context.field.type]
    return CONVERTERS[context.rule.read_as or usual](context)
