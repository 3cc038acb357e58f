"""The ways to answer for an incident, what each means, and what the form of one says."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Literal, NamedTuple

from feedback.links import Purpose
from feedback.web.refusals import Unanswered

MOST_DAYS = 90


class Kind(NamedTuple):
    """One way to answer, and in Vietnamese what it means."""

    state: Literal["acknowledged", "disputed", "accepted"]
    title: str
    meaning: str
    has_last_day: bool
    needs_note: bool


KINDS: dict[Purpose, Kind] = {
    "acknowledge": Kind(
        "acknowledged",
        "Đã nhận, sẽ sửa",
        "Đơn vị đã biết và sẽ sửa xong chậm nhất vào ngày ghi dưới đây. Đến hết ngày đó chúng tôi "
        "không nhắc lại.",
        has_last_day=True,
        needs_note=False,
    ),
    "dispute": Kind(
        "disputed",
        "Có ý kiến khác",
        "Đơn vị cho rằng dữ liệu đã đúng. Chúng tôi ngừng nhắc và xem xét ý kiến; vấn đề còn đó "
        "cho đến khi dữ liệu được sửa hoặc sai lệch được chấp nhận.",
        has_last_day=False,
        needs_note=True,
    ),
    "accept": Kind(
        "accepted",
        "Chấp nhận sai lệch",
        "Sai lệch được phép đến hết ngày ghi dưới đây và đơn vị không bị nhắc. Việc kiểm tra từng "
        "dòng dữ liệu không thay đổi.",
        has_last_day=True,
        needs_note=True,
    ),
}


class Said(NamedTuple):
    """An answer as it is to be noted."""

    by: str
    note: str
    until: dt.date | None


def said(fields: Mapping[str, str], kind: Kind, today: dt.date) -> Said:
    """The answer in `fields`, given on the day `today`. Raises Refused for a last day that cannot
    be; who and why are for `act` to judge."""
    by, note = (_in_one_line(fields.get(name, "")) for name in ("by", "note"))
    return Said(by, note, _until(fields.get("until", ""), kind, today))


def last_day(today: dt.date) -> dt.date:
    """The latest that may be asked for."""
    return today + dt.timedelta(days=MOST_DAYS)


def _in_one_line(text: str) -> str:
    """Without what cannot be seen, such as the control characters of a terminal."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def _until(written: str, kind: Kind, today: dt.date) -> dt.date | None:
    if not kind.has_last_day:
        return None
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise Unanswered(422, "there is no last day", "Hãy chọn ngày kết thúc.") from None
    if not today <= day <= last_day(today):
        problem_vi = f"Chọn một ngày từ hôm nay đến {last_day(today):%d/%m/%Y}."
        raise Unanswered(422, "the last day is over or too far away", problem_vi)
    return day
