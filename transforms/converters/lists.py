"""Converters of a list inside a row to one value: a count, a sum, a time, a yes or no."""

from __future__ import annotations

from typing import Any

from transforms.converters.context import Context, Converter, Row
from transforms.parsing import Refusal, list_of, parse_integer, parse_timestamp


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
