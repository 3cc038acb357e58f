"""The calendar of releases as people's own calendars read it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from catalog.night import Night
from catalog.release_calendar import Exceptional, ReleaseCalendar, due
from publication.calendar import icalendar, planned

NIGHT = Night.parse("2026-11-21")


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_every_release_to_come_is_one_event_at_its_instant() -> None:
    found = events(icalendar(NIGHT))
    assert [e.decoded("dtstart") for e in found] == [p.at for p in planned(NIGHT)]
    assert found[0].decoded("dtstart") == due("2026-11")
    assert b"DTSTART:20261209T020000Z" in icalendar(NIGHT)
    assert not [e for e in found if e.errors]


def test_an_event_keeps_its_id_from_night_to_night_and_says_how_new_it_is() -> None:
    before, after = events(icalendar(NIGHT)), events(icalendar(Night.parse("2026-12-20")))
    known = {str(e["uid"]) for e in before}
    assert len(known) == 12
    assert len(known & {str(e["uid"]) for e in after}) == 11
    assert {e.decoded("dtstamp") for e in before} == {NIGHT.cutoff}
    assert before[0].decoded("dtstamp") < after[0].decoded("dtstamp")


def test_it_speaks_vietnamese_first_and_english_beside_it() -> None:
    told = str(events(icalendar(NIGHT))[0]["summary"])
    assert told == "Công bố số liệu tháng 11/2026 · Release of the figures of November 2026"
    text = str(events(icalendar(NIGHT))[0]["description"])
    vietnamese, english = text.splitlines()
    assert "09:00 ngày 09/12/2026" in vietnamese
    assert "09:00 on 9 December 2026" in english


def test_another_time_than_usual_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Exceptional(
        date=dt.date(2026, 12, 18), hour=14, reason_vi="bão lũ", reason_en="floods"
    )  # fmt: skip
    told = ReleaseCalendar(working_day=7, hour=9, exceptions={"2026-11": late})
    monkeypatch.setattr("catalog.release_calendar.calendar", lambda: told)
    first = events(icalendar(NIGHT))[0]
    assert first.decoded("dtstart") == dt.datetime(2026, 12, 18, 7, tzinfo=dt.UTC)
    assert "Khác thường lệ: bão lũ.\n" in str(first["description"])
    assert str(first["description"]).endswith("Not at the usual time: floods.")


def test_it_is_written_as_the_standard_asks() -> None:
    content = icalendar(NIGHT)
    assert content == icalendar(NIGHT)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not [line for line in lines if b"\n" in line or len(line) > 75]
    assert content.decode() == "\r\n".join(line.decode() for line in lines), "no letter is cut"
