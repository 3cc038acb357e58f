"""An item in plain Vietnamese: what is wrong, why it matters, how to mend it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from feedback.messages.message import Item
from feedback.told import ending, is_of_batch, record_vi, source_vi, told

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


def told_of(item: Item, on: dt.date) -> dict[str, Any]:
    """The words and numbers of one item on the night `on`, for templates and for programs."""
    said = told(item.rule, item.record)
    return {
        **item.as_dict(),
        "title_vi": said.of_column(item.column),
        "why_vi": said.why,
        "fix_vi": said.fix,
        "source_vi": source_vi(item.source_id),
        "record_vi": record_vi(item.record),
        "is_counted": item.rows > 0 and not is_of_batch(item.rule),
        "is_late": item.due_on is not None and item.due_on < on,
        "suffixes": [ending(code) for code in item.suffixes],
    }
