"""What a rule is called, why it matters and how its rows are mended, in words for officials.

A rule is a check's id, or one of the rules that are no check (`catalog.incidents`): ``held``, and
``rejected:`` with a reason of ``codelists/reject_reason.csv``, told by ``rejections.csv`` here.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from catalog.codelists import name_of
from catalog.incidents import HELD, REJECTED
from expectations.check import checks

REJECTIONS = Path(__file__).parent / "rejections.csv"


class Told(NamedTuple):
    """All in Vietnamese."""

    title: str
    why: str
    fix: str


HELD_TOLD = Told(
    "Cả lô bị giữ lại",
    "Lô dữ liệu này chưa được nạp vì một kiểm tra cả lô không đạt; xem các dòng về cả lô.",
    "Xử lý nguyên nhân rồi gửi lại cả lô; nếu số liệu đúng, báo nhóm vận hành xem xét.",
)


@cache
def rejections() -> dict[str, Told]:
    """Reason -> what is told about a row that was turned away for it."""
    with REJECTIONS.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Told(name_of("reject_reason", row["code"]), row["why_vi"], row["fix_vi"])
            for row in csv.DictReader(file)
        }


def told(rule: str) -> Told:
    """What officials are told about `rule`; of a check that is gone only its id is known."""
    kind, _, reason = rule.partition(":")
    if kind == REJECTED:
        return rejections()[reason]
    if rule == HELD:
        return HELD_TOLD
    if rule in checks():
        check = checks()[rule]
        return Told(check.title_vi, check.why_vi, check.fix_vi)
    return Told(rule, "Quy tắc này không còn áp dụng.", "Không cần làm gì.")
