"""A message in words: a subject, plain text, HTML, and what programs read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from catalog.areas import areas
from feedback.channels import Letter
from feedback.messages.message import Message
from feedback.messages.wording import COUNTED, HEADS, told_of

TEMPLATES = Path(__file__).with_name("templates")
DEMO = "[DEMO] "
ENDINGS = ("txt", "html")
OPENINGS = {
    "digest": "Qua tiếp nhận dữ liệu đêm {night}, xin thông báo các nội dung sau.",
    "escalation": "Các vấn đề dữ liệu sau đã được thông báo cho đơn vị phụ trách, "
    "đã quá hạn và đến đêm {night} vẫn chưa được khắc phục.",
}
NONE: Mapping[str, Mapping[str, str]] = {}


def render(
    message: Message,
    is_demo: bool,
    page: str = "",
    answers: Mapping[str, Mapping[str, str]] = NONE,
) -> Letter:
    """`message` for any channel. `page` is the address of the area's page, `answers` those where
    people answer for an incident, by its id and by ``acknowledge`` and ``dispute``; what is empty
    is left out.

    It says nothing that a source sent but the names of columns and the ends of dossier codes.
    """
    on = message.night.on
    items = [
        {**told_of(item, on), "answers": dict(answers.get(item.incident_id, {}))}
        for item in message.items
    ]
    groups = groupby(items, lambda item: str(item["reason"]))
    subject = f"{DEMO if is_demo else ''}{_subject(message)}"
    facts = {
        "subject": subject,
        "area_vi": _name(message.area),
        "opening": OPENINGS[message.purpose].format(night=_day(on)),
        "groups": [(HEADS[why], list(these)) for why, these in groups],
        "still_open": message.still_open,
        "page": page,
    }
    text, html = (_environment().get_template(f"message.{end}").render(facts) for end in ENDINGS)
    about = (message.message_id, message.area, message.night, message.purpose)
    return Letter(*about, subject, text, html, _data(message, facts, items))


def _subject(message: Message) -> str:
    counts = [
        f"{sum(item.reason == why for item in message.items)} {words}"
        for why, words in COUNTED.items()
        if any(item.reason == why for item in message.items)
    ]
    head = "Quá hạn khắc phục" if message.purpose == "escalation" else "Dữ liệu một cửa"
    told = ", ".join(counts)
    return f"{head}: {told} – {_name(message.area)}, đêm {_day(message.night.on)}"


def _name(area: str) -> str:
    return areas()[area].name_vi if area in areas() else area


def _data(message: Message, facts: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    """As Standard Webhooks wants it: type, timestamp and data."""
    return {
        "type": f"motcua.{message.purpose}",
        "timestamp": message.night.cutoff.isoformat(),
        "data": {
            "message_id": message.message_id,
            "area": message.area,
            "night": str(message.night),
            "subject": facts["subject"],
            "items": items,
            "still_open": message.still_open,
            "page": facts["page"],
        },
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"day": _day, "count": _count}
    return made


def _day(day: dt.date | str) -> str:
    return f"{dt.date.fromisoformat(str(day)):%d/%m/%Y}"


def _count(number: int) -> str:
    """With the thousands parted as Vietnamese does."""
    return f"{number:,}".replace(",", ".")
