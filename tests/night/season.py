"""Thirty nights of three provinces whose ratings come as files, with a public holiday, a Saturday
that is worked, a mail server and a province's own program that both fail for a while.

The days are 17 August to 15 September 2026. Offices work on Saturday 22 August in place of Monday
the 31st, and are closed on 1 and 2 September.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.night.folders import NEXT_YEAR, RATINGS, drop, rating

NIGHTS = [dt.date(2026, 8, 17) + dt.timedelta(days=n) for n in range(30)]
HA_NOI, HAI_PHONG, HUE = "ha_noi", "hai_phong", "hue"
MAIL_DOWN, BOTHERED, CRASHED, RUN_AGAIN = (9, 10), 2, 16, (3, 11)
"""Nights without a mail server, with a program in Hải Phòng that answers 500, with a crash when it
had taken the message, and nights that are run twice."""
ROWS, MANY, FEW, FLOOR, CEILING = 60, 66, 3, 5, 62
"""What a folder brings on a usual night, and on those when it is too much or too little."""
AREAS = {HA_NOI: "H26", HAI_PHONG: "H24", HUE: "H57"}
SILENT = {HA_NOI: (20, 21), HAI_PHONG: (8,), HUE: (21,)}
TOO_FEW, TOO_MANY = {HAI_PHONG: (12,)}, {HUE: (*range(2, 9), 16, 17, *range(19, 30))}


WRONG, UNKNOWN = "rating/rated_in_future", "rating/rejected:unknown_code/muc"
ANSWERED: dict[int, tuple[str, dict[str, str]]] = {
    4: ("Đã nhận, sẽ sửa: ", {"until": str(NIGHTS[8])}),
    23: ("Có ý kiến khác: ", {"note": "ngày của hệ thống khác"}),
}
"""On the morning of which day Hà Nội opens a link in its newest mail, and what it fills in."""
ACCEPTED = 18
"""On the morning of this day the office accepts unknown words through night 23."""


def morning(number: int) -> dt.datetime:
    return dt.datetime.combine(NIGHTS[number], dt.time(2), dt.UTC)


class Rows(NamedTuple):
    """On a night, of what number to what number the rows are like that."""

    like: str
    first: int
    last: int


STORY: dict[str, dict[int, list[Rows]]] = {
    HA_NOI: {
        0: [Rows("wrong", 1, 3)],
        1: [Rows("wrong", 4, 4)],
        3: [Rows("wrong", 5, 11)],
        6: [Rows("wrong", 12, 30)],
        10: [Rows("unknown", 101, 102)],
        12: [Rows("right", 101, 102)],
        17: [Rows("unknown", 101, 102)],
        19: [Rows("unknown", 103, 108)],
        24: [Rows("right", 1, 30)],
        26: [Rows("wrong", 1, 2)],
        28: [Rows("right", 101, 108)],
    },
    HAI_PHONG: {
        2: [Rows("wrong", 1, 6)],
        5: [Rows("right", 1, 6)],
        16: [Rows("wrong", 1, 10)],
        26: [Rows("right", 1, 10)],
    },
    HUE: {
        1: [Rows("unknown", 101, 102)],
        3: [Rows("right", 101, 102)],
        10: [Rows("wrong", 1, 4)],
        13: [Rows("wrong", 5, 12)],
    },
}
"""Wrong rows are rated next year, unknown ones in a word that nobody declared."""
WANTED = {
    HA_NOI: "{to: [{channel: email, address: mot-cua@hanoi.example.vn}],"
    " escalation: [{channel: email, address: chanh-van-phong@hanoi.example.vn}]}",
    HAI_PHONG: "{to: [{channel: webhook, address: 'HOOK/mot-cua', secret: HAI_PHONG}]}",
    HUE: "{frequency: weekly, weekday: monday, to: [{channel: email, address:"
    " mot-cua@hue.example.vn}, {channel: folder, address: hue}]}",
}


def bring(home: Path, source_id: str, number: int) -> None:
    """What lies in a source's folder by the end of that day."""
    unit, on = f"{AREAS[source_id]}.01", NIGHTS[number]
    looks: dict[str, Callable[[int], str]] = {
        "wrong": lambda n: rating(unit, n, on, NEXT_YEAR),
        "unknown": lambda n: rating(unit, n, on, muc="vua"),
        "right": lambda n: rating(unit, n, on),
    }
    told = STORY[source_id].get(number, [])
    lines = [looks[rows.like](n) for rows in told for n in range(rows.first, rows.last + 1)]
    many = MANY if number in TOO_MANY.get(source_id, ()) else ROWS
    many = FEW if number in TOO_FEW.get(source_id, ()) else many
    fine = (rating(unit, 1000 + 100 * number + n, on) for n in range(many - len(lines)))
    drop(home, source_id, str(on), *lines, *fine)


def declare(folder: Path, hook: str) -> None:
    """The files of the sources, with the address of Hải Phòng's program."""
    folder.mkdir()
    for source_id, area in AREAS.items():
        text = RATINGS.format(area=area, frequency="nightly", floor=FLOOR)
        text = text.replace(
            "ceiling: 500", f"ceiling: {CEILING}" if source_id == HUE else "ceiling: 500"
        )
        text = text.replace("2026-11-01", str(NIGHTS[0]))
        text += f"feedback: {WANTED[source_id].replace('HOOK', hook)}\n"
        (folder / f"{source_id}.yml").write_text(text, encoding="utf-8")
