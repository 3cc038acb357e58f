"""A season of thirty nights ends with exactly these messages, none of them twice, none lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from catalog.settings import settings
from pipeline.incidents import incidents
from pipeline.messages import message_log
from tests.night.reading import Told, read
from tests.night.season import MAIL_DOWN, NIGHTS
from tests.night.season_lived import Season, country

pytestmark = pytest.mark.slow

HA_NOI, CHIEF = "mot-cua@hanoi.example.vn", "chanh-van-phong@hanoi.example.vn"
HUE, OUTBOX = "mot-cua@hue.example.vn", "hue"
WRONG, UNKNOWN = "rating/rated_in_future", "rating/rejected:unknown_code/muc"
GONE, HELD, MANY = "rating/not_arrived", "rating/held", "rating/volume_ceiling"


def mail(came: int, to: str, *about: str, night: int | None = None, to_chief: bool = False) -> Told:
    source_id = "hue" if to == HUE else "ha_noi"
    purpose = "escalation" if to_chief else "digest"
    return told(came, "email", to, night, purpose, source_id, about)


def post(came: int, *about: str, night: int | None = None) -> Told:
    return told(came, "webhook", "hai_phong", night, "digest", "hai_phong", about)


def file(came: int, *about: str) -> Told:
    return told(came, "folder", OUTBOX, None, "digest", "hue", about)


def told(
    came: int, channel: str, to: str, night: int | None, purpose: str, of: str,
    about: tuple[str, ...],
) -> Told:  # fmt: skip
    """`about` has, of each incident, the reason and what it is."""
    pairs = ((f"{of}/{what}", reason) for reason, what in (a.split(" ", 1) for a in about))
    return Told(came, channel, to, came if night is None else night, purpose, tuple(pairs))


MAILS = [
    mail(0, HA_NOI, f"new {WRONG}"),  # three rows; the fourth, a night later, is no news
    mail(1, HUE, f"new {UNKNOWN}"),  # weekly, but a new error is told at once
    mail(3, HA_NOI, f"worse {WRONG}"),  # 11 rows after 3
    # 4 to 8: Hà Nội has said that it knows; 30 rows on night 6 are told to nobody
    mail(7, HUE, f"new {MANY}", f"resolved {UNKNOWN}"),  # Monday: the warning of Wednesday
    mail(11, HA_NOI, f"worse {WRONG}", night=9),  # what Hà Nội said has run out: 30 rows after 11
    mail(11, HA_NOI, f"new {UNKNOWN}", night=10),  # no mail server on nights 9 and 10
    mail(11, HUE, f"new {WRONG}", night=10),  # after Hà Nội's of the same night
    mail(11, CHIEF, f"reminder {WRONG}", to_chief=True),  # ten working days, a Saturday among them
    mail(12, HA_NOI, f"resolved {UNKNOWN}"),
    mail(13, HUE, f"worse {WRONG}"),  # 12 rows after 4, on a Sunday: an error does not wait
    mail(14, HUE, f"resolved {MANY}"),  # Monday, a holiday; right since Wednesday
    # 16 and 17: too many rows again at Huế, and no more by Monday
    mail(17, HA_NOI, f"again {UNKNOWN}"),
    # 18 to 23: the office accepts that; eight rows on night 19 are told to nobody
    mail(20, HA_NOI, f"new {GONE}"),  # the folder is gone, and hides what is wrong in it
    mail(21, HUE, f"new {GONE}"),  # Monday; too many rows since Saturday, hidden
    mail(22, HA_NOI, f"reminder {WRONG}", f"resolved {GONE}"),  # due on night 21, hidden then
    mail(24, HA_NOI, f"worse {UNKNOWN}", f"resolved {WRONG}"),  # accepted no more; disputed, mended
    mail(26, HA_NOI, f"again {WRONG}"),  # two of the rows that had been mended
    mail(28, HA_NOI, f"resolved {UNKNOWN}"),
    mail(28, HUE, f"again {MANY}", f"reminder {WRONG}", f"resolved {GONE}"),  # Monday: all since
]
POSTS = [
    post(3, f"new {WRONG}", night=2),  # the receiver answered 500 on night 2
    post(5, f"resolved {WRONG}"),
    post(8, f"new {GONE}"),
    post(9, f"resolved {GONE}"),
    post(12, f"new {HELD}"),  # three rows, below the floor
    post(13, f"resolved {HELD}"),
    post(16, f"again {WRONG}"),  # the sender was killed before it noted this
    post(23, f"reminder {WRONG}"),  # five working days after 2 September, a holiday
    post(26, f"resolved {WRONG}"),
]
FILES = [
    file(1, f"new {UNKNOWN}"),  # what goes by mail, as files
    file(7, f"new {MANY}", f"resolved {UNKNOWN}"),
    file(10, f"new {WRONG}"),  # no mail server is needed for these
    file(13, f"worse {WRONG}"),
    file(14, f"resolved {MANY}"),
    file(21, f"new {GONE}"),
    file(28, f"again {MANY}", f"reminder {WRONG}", f"resolved {GONE}"),
]


@pytest.fixture(scope="module")
def season() -> Iterator[Season]:
    with country() as made:
        for number in range(len(NIGHTS)):
            made.day(number)
        yield made


def came(season: Season, channel: str) -> list[Told]:
    return [read(each) for each in season.arrived if each.channel == channel]


def test_the_mailboxes_hold_exactly_these_messages_in_this_order(season: Season) -> None:
    assert came(season, "email") == MAILS
    ids = [each.message_id for each in season.arrived if each.channel == "email"]
    assert len(set(ids)) == len(ids)


def test_the_program_of_a_province_gets_exactly_these_messages(season: Season) -> None:
    """It knows a message by its id, as the standard says: the last post of each is the one that
    it answered well."""
    posts = [each for each in season.arrived if each.channel == "webhook"]
    last = {each.message_id: each for each in posts}
    assert [read(each)._replace(to="hai_phong") for each in last.values()] == POSTS
    for each in posts:
        assert each.content == last[each.message_id].content


def test_a_program_that_fails_and_a_sender_that_dies_are_seen_as_one_message(
    season: Season,
) -> None:
    posts = [each for each in season.arrived if each.channel == "webhook"]
    again = {
        message_id: [(each.number, each.to) for each in same]
        for message_id, grouped in groupby(posts, lambda each: each.message_id)
        if len(same := list(grouped)) > 1
    }
    assert list(again.values()) == [
        [(2, "500"), (2, "500"), (2, "500"), (3, "204")],
        [(16, "204"), (16, "204")],
    ]


def test_the_outbox_holds_exactly_these_files(season: Season) -> None:
    assert came(season, "folder") == FILES


def test_nobody_waits_for_anything_at_the_end(season: Season) -> None:
    assert message_log().undelivered() == []
    had = message_log().deliveries()
    assert len(had) == len(MAILS) + len(POSTS) + len(FILES)
    assert all(row["delivered_at"] for row in had)


def test_operators_are_alarmed_after_two_nights_without_a_mail_server_and_no_longer(
    season: Season,
) -> None:
    def said(number: int) -> dict[str, list[Any]]:
        file = settings().outbox_dir / str(NIGHTS[number]) / "operators.json"
        report = json.loads(file.read_text(encoding="utf-8"))
        return {name: report[name] for name in ("alarms", "undelivered")}

    first, second = MAIL_DOWN
    assert (said(first)["alarms"], len(said(first)["undelivered"])) == ([], 1)
    [alarm] = said(second)["alarms"]
    assert alarm.startswith(f"message of {NIGHTS[first]} to H26 (digest) is undelivered: email ")
    assert [row["messages"] for row in said(second)["undelivered"]] == [2, 1]
    assert said(second + 1) == {"alarms": [], "undelivered": []}


def test_what_is_open_at_the_end_was_told_and_is_not_told_as_mended(season: Season) -> None:
    still_open = {i.incident_id for i in incidents().read() if i.is_open}
    assert still_open == {f"ha_noi/{WRONG}", f"hue/{WRONG}", f"hue/{MANY}"}
    last = {name: why for told in (*MAILS, *POSTS) for name, why in told.about}
    assert {name for name, why in last.items() if why != "resolved"} == still_open
