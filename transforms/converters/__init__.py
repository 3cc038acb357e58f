"""Converters: one value in the source's words to one value in ours, or a reason why not.

Every public function of the modules here is one, under its own name. Nothing is coerced: a value
is understood exactly or refused.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from catalog.errors import DeclarationError
from catalog.records import Field
from transforms.converters import identity, lists, values
from transforms.converters.context import Context, Converter, Maker
from transforms.dialects import Mapping

__all__ = ["Context", "Converter", "converter", "converter_name"]

BY_TYPE = {
    "string": "text",
    "code": "words",
    "boolean": "words",
    "timestamp": "timestamp",
    "date": "date",
    "integer": "integer",
    "money": "integer",
}


@cache
def _converters() -> dict[str, Maker]:
    return {name: m for part in (values, identity, lists) for name, m in _offered(part).items()}


def _offered(module: ModuleType) -> dict[str, Maker]:
    """What is made in the module itself, not what it imports."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }


def converter_name(rule: Mapping, field: Field) -> str:
    """The converter that the rule names, or the usual one for the field's type."""
    usual = "words" if isinstance(rule.words, dict) else BY_TYPE[field.type]
    return rule.read_as or usual


def converter(context: Context) -> Converter:
    """How the rule makes its field. Raises DeclarationError for a converter that nobody wrote."""
    name = converter_name(context.rule, context.field)
    if name not in _converters():
        raise DeclarationError("dialect", f"{'+'.join(context.rule.columns)}: no converter {name}")
    return _converters()[name](context)
