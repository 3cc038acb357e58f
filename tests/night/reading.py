"""What a message says of incidents, read as a person or a program of the province reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, NamedTuple

from tests.night.season import NIGHTS
from tests.night.season_lived import Arrived

REASONS = {
    "VẤN ĐỀ MỚI": "new",
    "VẤN ĐỀ TÁI DIỄN": "again",
    "VẤN ĐỀ TĂNG LÊN": "worse",
    "NHẮC LẠI VẤN ĐỀ CHƯA KHẮC PHỤC": "reminder",
    "ĐÃ KHẮC PHỤC, CẢM ƠN ĐƠN VỊ": "resolved",
}
TITLES = {
    "Ngày đánh giá ở tương lai": "rating/rated_in_future",
    "Cột muc: mã ngoài danh mục": "rating/rejected:unknown_code/muc",
    "Nguồn gửi nhiều hơn mức tối đa đã khai báo": "rating/volume_ceiling",
    "Chưa nhận được dữ liệu": "rating/not_arrived",
    "Cả lô bị giữ lại": "rating/held",
}
SYSTEMS = {"Đánh giá H26": "ha_noi", "Đánh giá H24": "hai_phong", "Đánh giá H57": "hue"}
LATE = "đã quá hạn và đến đêm"
"""What opens a message to whom the area escalates to."""


class Told(NamedTuple):
    """A message as it came: on which night, through which channel, to whom; of which night it
    tells, why it was written, and (incident, reason) of all that it tells."""

    came: int
    channel: str
    to: str
    night: int
    purpose: str
    about: tuple[tuple[str, str], ...]


def read(came: Arrived) -> Told:
    if came.channel == "webhook":
        return _posted(came, came.content)
    text = _text(came.content)
    [night, *_] = re.findall(r"đêm (\d\d/\d\d/\d{4})", text)
    number = (dt.datetime.strptime(night, "%d/%m/%Y").date() - NIGHTS[0]).days
    purpose = "escalation" if LATE in " ".join(text.split()) else "digest"
    return Told(came.number, came.channel, came.to, number, purpose, tuple(_items(text)))


def _posted(came: Arrived, posted: dict[str, Any]) -> Told:
    data = posted["data"]
    number = (dt.date.fromisoformat(data["night"]) - NIGHTS[0]).days
    about = tuple((item["incident_id"], item["reason"]) for item in data["items"])
    purpose = posted["type"].removeprefix("motcua.")
    return Told(came.number, came.channel, came.to, number, purpose, about)


def _text(content: Any) -> str:
    if isinstance(content, EmailMessage):
        [plain, _] = content.iter_parts()
        return str(plain.get_content())
    return str(content)


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Under each head the numbered titles, each with its system on the next line."""
    reason, lines = "", text.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        reason = REASONS.get(line, reason)
        if found := re.fullmatch(r"\d+\. (.*)", line):
            system = after.strip().rpartition(" (")[0]
            yield f"{SYSTEMS[system]}/{TITLES[found[1]]}", reason
