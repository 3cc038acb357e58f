"""An item in plain Vietnamese: what is wrong, why it matters, how to mend it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.incidents import HELD, NOT_ARRIVED
from catalog.records import records
from catalog.sources import sources
from expectations.check import checks
from feedback.messages.message import SUFFIX, Item
from feedback.told import told

BATCHES = Path(__file__).with_name("batches.yml")
HEADS = {
    "new": "Vấn đề mới",
    "again": "Vấn đề tái diễn",
    "worse": "Vấn đề tăng lên",
    "reminder": "Nhắc lại vấn đề chưa khắc phục",
    "resolved": "Đã khắc phục, cảm ơn đơn vị",
}
COUNTED = {
    "new": "vấn đề mới",
    "again": "vấn đề tái diễn",
    "worse": "vấn đề tăng lên",
    "reminder": "vấn đề chưa khắc phục",
    "resolved": "vấn đề đã khắc phục",
}
LONGEST_COLUMN = 60


def told_of(item: Item, on: dt.date) -> dict[str, Any]:
    """The words and numbers of one item on the night `on`, for templates and for programs."""
    source = sources().get(item.source_id)
    return {
        **item.as_dict(),
        **_rule(item),
        "source_vi": source.name_vi if source else item.source_id,
        "record_vi": records()[item.record].name_vi if item.record in records() else item.record,
        "is_counted": item.rows > 0 and not _is_of_batch(item.rule),
        "is_late": item.due_on is not None and item.due_on < on,
        "suffixes": [f"…{_plain(ending)[-SUFFIX:]}" for ending in item.suffixes],
    }


def _rule(item: Item) -> dict[str, str]:
    """As `feedback.told` tells it, with the source's own column; or as ``batches.yml`` does."""
    kind = records().get(item.record)
    is_list = kind is not None and bool(kind.reconciles)
    if item.rule in (NOT_ARRIVED, HELD) and (is_list or item.rule == NOT_ARRIVED):
        return _batches()["unlisted" if is_list else item.rule]
    said = told(item.rule)
    column = f"Cột {_plain(item.column)[:LONGEST_COLUMN]}: " if item.column else ""
    return {"title_vi": f"{column}{said.title}", "why_vi": said.why, "fix_vi": said.fix}


def _is_of_batch(rule: str) -> bool:
    """Whether it is about a whole delivery, of which there is one."""
    known = checks().get(rule)
    return rule in (NOT_ARRIVED, HELD) or (known is not None and known.scope == "batch")


def _plain(text: str) -> str:
    """In one line, and nothing but letters, digits and what holds words together."""
    return " ".join("".join(c if c.isalnum() or c in "._-/" else " " for c in text).split())


@cache
def _batches() -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = yaml.safe_load(BATCHES.read_text(encoding="utf-8"))
    return known
