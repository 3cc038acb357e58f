"""What a converter is, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from catalog.records import Field
from transforms.dialects import Mapping as Rule

Row = Mapping[str, Any]
Converter = Callable[[Any, Row], Any]
"""Takes the cell and its row; gives the value, None for "not stated", or raises `Refusal`."""


@dataclass(frozen=True)
class Context:
    """What a converter may need beside the value."""

    rule: Rule
    field: Field
    zone: ZoneInfo
    key: bytes


Maker = Callable[[Context], Converter]
