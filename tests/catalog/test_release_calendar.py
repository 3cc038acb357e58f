"""When releases are public: by the rule, over Tết and swapped days, and by declared exceptions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.declarations import load_content, load_file
from catalog.errors import DeclarationError, PublicationError
from catalog.night import LOCAL_ZONE, Night
from catalog.release_calendar import FILE, ReleaseCalendar, due, planned
from catalog.rulebook import rulebook
from catalog.working_days import is_worked

LATE = {"date": "2026-12-18", "hour": 14, "reason_vi": "Bão lũ", "reason_en": "Floods"}


def calendar(**told: Any) -> ReleaseCalendar:
    return load_content("test", ReleaseCalendar, {"working_day": 7, "hour": 9, **told})


def at(day: str, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), LOCAL_ZONE)


def test_it_is_so_many_working_days_after_the_month_at_nine_in_viet_nam() -> None:
    found = calendar().due("2026-10")
    assert found == at("2026-11-10")
    assert found.astimezone(dt.UTC) == dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC)
    assert calendar(working_day=1).due("2026-10") == at("2026-11-02")


def test_days_off_and_made_up_saturdays_count_as_what_they_are() -> None:
    assert calendar().due("2027-01") == at("2027-02-16"), "Tết lies between"
    assert not is_worked(dt.date(2026, 1, 2))
    assert is_worked(dt.date(2026, 1, 10))
    assert calendar(working_day=6).due("2025-12") == at("2026-01-10"), "a Saturday made up"


def test_an_exception_says_its_own_time_and_why() -> None:
    late = calendar(exceptions={"2026-11": LATE})
    assert late.due("2026-11") == at("2026-12-18", 14)
    assert late.due("2026-12") == calendar().due("2026-12")


@pytest.mark.parametrize(
    "exceptions",
    [
        {"2026-11": {**LATE, "date": "2026-11-30"}},
        {"2026-13": LATE},
        {"2026": LATE},
        {"2026-11": {**LATE, "hour": 24}},
        {"2026-11": {**LATE, "reason_vi": ""}},
        {"2026-11": {k: v for k, v in LATE.items() if k != "reason_en"}},
    ],
)
def test_a_wrong_exception_does_not_load(exceptions: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "release_calendar.yml"
    file.write_text(yaml.safe_dump({"working_day": 7, "hour": 9, "exceptions": exceptions}))
    with pytest.raises(DeclarationError, match=r"exceptions|before it has ended"):
        load_file(file, ReleaseCalendar)


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-00", "2026-Q1", "2026-1", "all", ""])
def test_what_is_no_month_has_no_release(text: str) -> None:
    with pytest.raises(PublicationError, match="not a month"):
        due(text)


def test_ahead_is_what_is_not_yet_public_at_the_nights_end() -> None:
    the_day = due("2026-10").date()
    before = planned(Night(the_day - dt.timedelta(days=1)), 2)
    assert [p.period for p in before] == ["2026-10", "2026-11"]
    assert before[0].at == due("2026-10")
    assert [p.period for p in planned(Night(the_day), 2)] == ["2026-11", "2026-12"]


def test_a_year_ahead_is_twelve_months_in_order_on_days_that_offices_work() -> None:
    found = planned(Night.parse("2026-11-21"))
    assert [p.period for p in found][::11] == ["2026-11", "2027-10"]
    assert found == sorted(found, key=lambda p: p.at)
    assert len(found) == 12
    assert all(is_worked(p.at.date()) for p in found)


def test_a_postponed_month_comes_in_its_place_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = calendar(exceptions={"2026-11": {**LATE, "date": "2027-01-20"}})
    monkeypatch.setattr("catalog.release_calendar.calendar", lambda: later)
    found = planned(Night.parse("2026-12-25"), 3)
    assert [p.period for p in found] == ["2026-12", "2026-11", "2027-01"]
    assert [(p.reason_vi, p.reason_en) for p in found][:2] == [("", ""), ("Bão lũ", "Floods")]


def test_it_changes_no_figure_and_is_in_no_rulebook() -> None:
    assert FILE.is_file()
    assert f"catalog/{FILE.name}" not in rulebook()
