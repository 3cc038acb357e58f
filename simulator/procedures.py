"""The procedures that the simulated nation handles: ``procedures.csv``, one line each.

Names and codes follow the national list's style; fees and periods are plausible, not official.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Body = Literal["province", "ministry"]


@dataclass(frozen=True)
class Procedure:
    """One procedure. `fees` in VND, one number a fee line, empty when no fee line is sent;
    `days` are the working days promised (0 is the same day)."""

    code: str
    name_vi: str
    field_code: str
    level: str
    fees: tuple[int, ...]
    days: int
    weight: int


def _procedure(line: dict[str, str]) -> Procedure:
    fees = tuple(int(fee) for fee in line["fees"].split("+") if fee)
    texts = (line["code"], line["name_vi"], line["field_code"], line["level"])
    return Procedure(*texts, fees, int(line["days"]), int(line["weight"]))


@cache
def procedures(body: Body) -> tuple[Procedure, ...]:
    """What provinces, or ministries, are asked for."""
    path = Path(__file__).with_suffix(".csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_procedure(line) for line in csv.DictReader(file) if line["body"] == body)
