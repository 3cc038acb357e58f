"""What a rule is called, why it matters and how its rows are mended, in words for officials.

A rule is a check's id, or one of the rules that are no check (`catalog.incidents`): ``not_arrived``
and ``held``, told by ``batches.yml`` here, and ``rejected:`` with a reason of
``codelists/reject_reason.csv``, told by ``rejections.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import TypeAdapter

from catalog.codelists import name_of
from catalog.incidents import HELD, NOT_ARRIVED, REJECTED
from catalog.records import records
from catalog.score_card import Dimension
from catalog.sources import sources
from expectations.check import checks

REJECTIONS = Path(__file__).parent / "rejections.csv"
BATCHES = Path(__file__).parent / "batches.yml"
SEVERITY_VI: Mapping[str, str] = {"error": "Lỗi", "warning": "Cảnh báo"}
STATES_VI: Mapping[str, str] = {
    "open": "cần sửa",
    "acknowledged": "đã nhận",
    "disputed": "có ý kiến khác",
    "accepted": "được chấp nhận",
    "fixed": "đã sửa xong",
}
SUFFIX, LONGEST_COLUMN = 4, 60
"""Characters that may be told: of a dossier's code its last, of a source's column its first."""


class Told(NamedTuple):
    """All in Vietnamese."""

    title: str
    why: str
    fix: str

    def of_column(self, column: str) -> str:
        """The title, with the source's own column before it where there is one."""
        return f"{column_vi(column)}: {self.title}" if column else self.title


@cache
def rejections() -> dict[str, Told]:
    """Reason -> what is told about a row that was turned away for it."""
    with REJECTIONS.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Told(name_of("reject_reason", row["code"]), row["why_vi"], row["fix_vi"])
            for row in csv.DictReader(file)
        }


@cache
def reject_dimensions() -> dict[str, Dimension]:
    """Reason -> the dimension of data quality that a row turned away for it lacks."""
    with REJECTIONS.open(encoding="utf-8", newline="") as file:
        named = {row["code"]: row["dimension"] for row in csv.DictReader(file)}
    known: TypeAdapter[dict[str, Dimension]] = TypeAdapter(dict[str, Dimension])
    return known.validate_python(named)


@cache
def _batches() -> dict[str, Told]:
    known = yaml.safe_load(BATCHES.read_text(encoding="utf-8"))
    return {rule: Told(**words) for rule, words in known.items()}


def told(rule: str, record: str = "") -> Told:
    """What officials are told about `rule`, broken by records of that kind; of a check that is
    gone only its id is known."""
    kind, _, reason = rule.partition(":")
    if kind == REJECTED:
        return rejections()[reason]
    if rule in (NOT_ARRIVED, HELD):
        return _batches()["unlisted" if _is_list(record) else rule]
    if rule in checks():
        check = checks()[rule]
        return Told(check.title_vi, check.why_vi, check.fix_vi)
    return Told(rule, "Quy tắc này không còn áp dụng.", "Không cần làm gì.")


def is_of_batch(rule: str) -> bool:
    """Whether it is about a whole delivery, of which there is one."""
    known = checks().get(rule)
    return rule in (NOT_ARRIVED, HELD) or (known is not None and known.scope == "batch")


def source_vi(source_id: str) -> str:
    """The name of a source; of one that is gone its id."""
    known = sources().get(source_id)
    return known.name_vi if known else source_id


def owner_vi(source_id: str) -> str:
    """Who must see that its data is mended, as its file says; else nothing."""
    known = sources().get(source_id)
    return (known.contact or known.owner) if known else ""


def record_vi(kind: str) -> str:
    """The name of a record kind; of one that is gone its id."""
    return records()[kind].name_vi if kind in records() else kind


def column_vi(column: str) -> str:
    """A source's own column."""
    return f"Cột {plain(column)[:LONGEST_COLUMN]}"


def ending(code: str) -> str:
    """The end of a dossier's code, as an example: …4711."""
    return f"…{plain(code)[-SUFFIX:]}"


def plain(text: str) -> str:
    """In one line, and nothing but letters, digits and what holds words together."""
    return " ".join("".join(c if c.isalnum() or c in "._-/" else " " for c in text).split())


def _is_list(record: str) -> bool:
    return record in records() and bool(records()[record].reconciles)
