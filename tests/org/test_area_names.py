"""Names and kinds of provinces follow the days; codes do not."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from catalog import codelists
from catalog.area_names import area_names, name_on
from catalog.errors import DeclarationError
from tests.org.conftest import Declare

OFFICIAL = Path(__file__).parents[1] / "scores" / "official_2026-10-05.csv"
PRINTED = dt.date(2026, 10, 5)


def test_the_national_portal_prints_the_names_of_its_day() -> None:
    with OFFICIAL.open(encoding="utf-8", newline="") as file:
        printed = {row["h_code"]: row["department_name"] for row in csv.DictReader(file)}
    assert len(printed) == 34
    for code, name in printed.items():
        assert name_on(code, PRINTED).people_s_committee.casefold() == name.casefold()


def test_a_province_becomes_a_city_on_a_day() -> None:
    days = [dt.date(2026, 4, 29), dt.date(2026, 4, 30)]
    assert [name_on("H19", day).status for day in days] == ["province", "city"]
    days = [dt.date(2024, 12, 31), dt.date(2025, 1, 1)]
    assert [name_on("H57", day).name_vi for day in days] == ["Thừa Thiên Huế", "Huế"]


def test_every_one_of_the_63_has_a_name_and_today_s_are_those_of_the_lists() -> None:
    assert area_names().keys() == {row["h_code"] for row in codelists.rows("provinces_63")}
    for row in codelists.rows("provinces_34"):
        assert area_names()[row["h_code"]][-1].name_vi == row["name_vi"]


def test_a_change_of_name_says_on_what_it_rests() -> None:
    later = [name for names in area_names().values() for name in names[1:]]
    assert len(later) == 4
    assert all(name.basis for name in later)


@pytest.mark.parametrize(
    "line",
    ["H19,Đồng Nai,city,2027-01-01,,Luật", "H99,Mới,village,,,Luật", "H99,Mới,city,,2027-01-01,"],
)
def test_days_that_do_not_follow_one_another_are_refused(declare: Declare, line: str) -> None:
    declare("area_names", line)
    with pytest.raises(DeclarationError, match=line[:3]):
        area_names()
