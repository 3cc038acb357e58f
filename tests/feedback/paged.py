"""Pages of Hà Nội as a test says them."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from catalog.incidents import Event, Fingerprint, Incident
from catalog.score_card import Dimension, Effect, Level, Score
from feedback.page import Figure, Links, Page
from tests.feedback.nights import MONDAY, incident

ON = MONDAY.on
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
LEVELS: tuple[Level, ...] = get_args(Level)
GONE, WRONG = "ha_noi/dossier/not_arrived", "ha_noi/dossier/finished_before_received"
FIGURES = {
    "on_time_rate": Figure("Tỷ lệ hồ sơ giải quyết đúng hạn", "share"),
    "finished_count": Figure("Số hồ sơ đã xử lý xong", "count"),
    "online_share": Figure("Tỷ lệ hồ sơ nộp trực tuyến", "share"),
}


def score(
    dimension: Dimension, level: Level, good: int, judged: int = 1000, on: dt.date = ON
) -> Score:
    return Score("H26", on, dimension, judged, good, level)


def effect(indicator: str, value: float | None, value_with: float | None) -> Effect:
    about = ("H26", indicator, "2026-10", 412, 400)
    return Effect(*about, 881, 1000, value, 1257, 1412, value_with)


def other(rule: str, source_id: str, **changes: Any) -> Incident:
    """An incident of another system of Hà Nội."""
    made = incident(rule, **changes)
    mark = made.fingerprint
    named = Fingerprint("H26", source_id, mark.record, mark.rule, mark.column)
    return Incident(**{**vars(made), "fingerprint": named})


def incidents() -> tuple[Incident, ...]:
    """One of every kind: what hides others, what stands alone, in every state."""
    week = ON + dt.timedelta(days=7)
    return (
        incident("not_arrived", 1),
        incident("not_arrived", 1, record="dossier_event", inhibited_by=GONE),
        incident(rows=412, inhibited_by=GONE, suffixes=("4711", "0032", "1920"), state="disputed",
                 by="tổ dữ liệu Sở Nội vụ", note="ngày của hệ thống khác"),
        incident("rejected:unknown_code", 1412, column="KenhThucHien", record="rating",
                 suffixes=("4712",)),
        incident("rejected:unknown_code", 7, column="MucDoHaiLong", record="rating",
                 state="acknowledged", by="phòng CNTT", until=week, note="chờ bản cập nhật"),
        other("rejected:unknown_code", "ha_noi_so", record="rating", rows=3, column="muc"),
        incident("due_at_missing", 39, severity="warning"),
        incident("volume_ceiling", 1, severity="warning", record="rating"),
        incident("placeholder_applicant", 12, severity="warning", state="accepted",
                 by="source file", note="chờ nâng cấp phần mềm", until=week),
        incident("rated_in_future", 0, record="rating", state="fixed", fixed_on=ON),
    )  # fmt: skip


def changed() -> tuple[Event, ...]:
    before, rating = ON - dt.timedelta(days=2), "ha_noi/rating/"
    said = ("phòng CNTT", "chờ bản cập nhật", ON + dt.timedelta(days=7))
    return (
        Event(GONE, ON, "opened", 1),
        Event(f"{rating}rated_in_future", ON, "fixed"),
        Event(f"{rating}rejected:unknown_code/KenhThucHien", ON, "worsened", 1412),
        Event(f"{rating}rejected:unknown_code/KenhThucHien", ON, "notified", 1412),
        Event(f"{rating}rejected:unknown_code/MucDoHaiLong", before, "acknowledged", 7, *said),
        Event(WRONG, before, "opened", 412),
    )


def trend(last: int, nights: int = 30) -> dict[Dimension, tuple[Score, ...]]:
    """Falling and rising again, with two nights in between of which nothing is known."""
    found: dict[Dimension, tuple[Score, ...]] = {}
    for place, dimension in enumerate(DIMENSIONS):
        days = [ON - dt.timedelta(days=nights - n) for n in range(nights)]
        found[dimension] = tuple(
            score(dimension, "good", last - abs(20 - n) * place * 3,
                  0 if n in (11, 12) else 1000, on)
            for n, on in enumerate(days)
        )  # fmt: skip
    return found


def page(**changes: Any) -> Page:
    """A province with something of everything."""
    goods = (0, 1288, 930, 968, 1000)
    card = tuple(
        score(dimension, level, good, 0 if level == "none" else 1412 if good > 1000 else 1000)
        for dimension, level, good in zip(DIMENSIONS, LEVELS, goods, strict=True)
    )
    usual: dict[str, Any] = {
        "area": "H26",
        "night": MONDAY,
        "card": card,
        "trend": trend(990),
        "changed": changed(),
        "incidents": incidents(),
        "effects": (
            effect("on_time_rate", 0.881, 0.89),
            effect("finished_count", 1000.0, 1412.0),
            effect("online_share", None, 0.5),
            effect("on_time_rate", 0.881, 0.88101),
        ),
        "failing": 1873,
        "figures": FIGURES,
    }
    return Page(**{**usual, **changes})


def empty() -> Page:
    """A province of which nothing is known and nothing wrong."""
    return Page("H26", MONDAY, (), {}, (), (), (), 0)


def links() -> Links:
    """Where a page leads that was opened from a message."""
    names = [one.incident_id for one in incidents() if one.is_open]
    answers = {
        name: {kind: f"/a/{kind}-{n}" for kind in ("acknowledge", "dispute")}
        for n, name in enumerate(names)
    }
    return Links("/p/abc/workbook", answers, ON + dt.timedelta(days=30))
