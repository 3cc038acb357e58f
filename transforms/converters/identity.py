"""Converters of codes that say which unit, dossier, procedure or person a row is about."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from catalog import areas, identifiers
from transforms.converters.context import Context, Converter, Maker, Row
from transforms.dialects import words_of
from transforms.parsing import Refusal, text_of


def _identifier(normalise: Callable[[str], str]) -> Maker:
    def build(context: Context) -> Converter:
        def convert(value: Any, row: Row) -> str | None:
            code = text_of(value)
            try:
                return normalise(code) if code else None
            except ValueError:
                raise Refusal("bad_identifier") from None

        return convert

    return build


def _checked_dossier_code(code: str) -> str:
    identifiers.dossier_unit(code)
    return code


def _area_of_unit(code: str) -> str:
    return areas.area_of_unit(identifiers.unit_code(code))


def _area_of_dossier(code: str) -> str:
    return areas.area_of_unit(identifiers.dossier_unit(code))


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


unit_code = _identifier(identifiers.unit_code)
area_of_unit = _identifier(_area_of_unit)
area_of_dossier = _identifier(_area_of_dossier)
dossier_code = _identifier(_checked_dossier_code)
dossier_unit = _identifier(identifiers.dossier_unit)
