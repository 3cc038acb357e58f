"""Frozen releases by their ids, ``YYYY.MM.N``: public ones, those under embargo, and those that
were withdrawn before they were public. No id is given twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from catalog.settings import settings

FORM = r"(\d{4})\.(\d{2})\.(\d+)"
WITHDRAWN = "withdrawn.jsonl"


def public() -> list[str]:
    """The ids of all frozen releases that anybody may read, by month and number."""
    return _in(settings().published_dir)


def waiting() -> list[str]:
    """The ids of those that are cut and not yet public, by month and number."""
    gone = {told["release"] for told in withdrawals()}
    return [name for name in _in(settings().embargoed_dir) if name not in gone]


def withdrawals() -> list[dict[str, Any]]:
    """What was withdrawn before it was public: release, at, who and why."""
    file = settings().embargoed_dir / WITHDRAWN
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [json.loads(line) for line in lines]


def next_id(month: str) -> str:
    """The id of the next release of that month (2026-11)."""
    given = {*public(), *waiting(), *(told["release"] for told in withdrawals())}
    numbers = (order_of(name)[2] for name in given if month_of(name) == month)
    return f"{month.replace('-', '.')}.{1 + max(numbers, default=0)}"


def month_of(release: str) -> str:
    """2026.10.1 -> 2026-10: the month that a frozen release reports."""
    year, month, _ = release.split(".")
    return f"{year}-{month}"


def order_of(release: str) -> tuple[int, ...]:
    """Year, month and number of a frozen release: what all are ordered by."""
    return tuple(map(int, release.split(".")))


def _in(folder: Path) -> list[str]:
    named = (path.name for path in folder.glob("*.*.*") if path.is_dir())
    return sorted((name for name in named if re.fullmatch(FORM, name)), key=order_of)
