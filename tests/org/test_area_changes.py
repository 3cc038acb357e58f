"""Who a code belonged to on a day, and what a number of the statistics office meant."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog import codelists
from catalog.area_changes import (
    THIRTY_FOUR,
    area_changes,
    area_on,
    ended_on,
    province_of_gso,
    successor,
)
from catalog.areas import area_of_unit, areas, former, reportable
from catalog.errors import DeclarationError
from catalog.sources import sources
from tests.org.conftest import Declare

BEFORE, NOW = THIRTY_FOUR - dt.timedelta(days=1), dt.date(2026, 11, 22)
REUSED = {
    "15": ("H63", "H38"), "24": ("H02", "H05"), "44": ("H46", "H50"), "52": ("H08", "H21"),
    "80": ("H39", "H53"), "82": ("H58", "H20"), "91": ("H33", "H01"),
}  # fmt: skip
"""Code -> Yên Bái then Lào Cai, Bắc Giang then Bắc Ninh ...."""
DEAD = [
    "02", "06", "10", "17", "26", "27", "30", "34", "35", "36", "45", "49", "54", "58", "60",
    "62", "64", "67", "70", "72", "74", "77", "83", "84", "87", "89", "93", "94", "95",
]  # fmt: skip
SIXTY_THREE = {row["gso_code_63"]: row["h_code"] for row in codelists.rows("provinces_63")}
THIRTY_FOUR_NOW = {row["gso_code_34"]: row["h_code"] for row in codelists.rows("provinces_34")}


@pytest.mark.parametrize("code", sorted(SIXTY_THREE))
def test_a_gso_code_meant_one_of_the_63_until_july_2025(code: str) -> None:
    assert province_of_gso(code, BEFORE) == SIXTY_THREE[code]


@pytest.mark.parametrize("code", sorted(THIRTY_FOUR_NOW))
def test_a_gso_code_means_one_of_the_34_since(code: str) -> None:
    assert province_of_gso(code, THIRTY_FOUR) == THIRTY_FOUR_NOW[code]


def test_seven_codes_went_to_another_province_and_no_others() -> None:
    both = SIXTY_THREE.keys() & THIRTY_FOUR_NOW.keys()
    changed = {
        code: (province_of_gso(code, BEFORE), province_of_gso(code, THIRTY_FOUR))
        for code in both
        if SIXTY_THREE[code] != THIRTY_FOUR_NOW[code]
    }
    assert changed == REUSED


def test_twenty_nine_codes_are_dead_since() -> None:
    assert len(DEAD) == 29
    assert set(DEAD) == SIXTY_THREE.keys() - THIRTY_FOUR_NOW.keys()
    for code in DEAD:
        assert province_of_gso(code, BEFORE)
        with pytest.raises(ValueError, match="not in use on 2025-07-01"):
            province_of_gso(code, THIRTY_FOUR)


def test_without_a_day_a_gso_code_means_nothing() -> None:
    with pytest.raises(ValueError, match="only on a day"):
        province_of_gso("01")
    with pytest.raises(ValueError, match="no provinces are known for 2008-07-31"):
        province_of_gso("01", dt.date(2008, 7, 31))


def test_a_unit_belonged_to_its_own_province_and_belongs_to_the_successor() -> None:
    assert area_on("H03.05", BEFORE) == "H03"
    assert area_on("H03.05", THIRTY_FOUR) == "H55"
    assert area_on("H55.05", BEFORE) == area_on("H55.05", NOW) == "H55"
    assert area_on("G13.01", dt.date(2025, 2, 28)) == "G13"
    assert area_on("G13.01", dt.date(2025, 3, 1)) == "G10"
    merged = {c.from_code for c in area_changes() if c.on == THIRTY_FOUR}
    assert {successor(code, NOW) for code in SIXTY_THREE.values()} == set(THIRTY_FOUR_NOW.values())
    assert merged == set(SIXTY_THREE.values()) - set(THIRTY_FOUR_NOW.values())
    assert ended_on("H03", NOW) == THIRTY_FOUR
    assert ended_on("H03", BEFORE) is ended_on("H55", NOW) is None


def test_the_provinces_that_ended_are_listed_with_their_last_day() -> None:
    gone = {area.code: area for area in former()}
    assert len(gone) == 29
    assert not gone.keys() & areas().keys()
    assert gone["H03"].name_vi == "Bắc Kạn"
    assert gone["H03"].gso_code == "06"
    assert {area.valid_to for area in gone.values()} == {BEFORE}


LATER = "merge,2026-12-01,H14,H37,,Luật thử nghiệm"


def test_a_later_merge_is_one_line_and_holds_from_its_day(declare: Declare) -> None:
    declare("area_changes", LATER)
    assert area_on("H14.02", dt.date(2026, 11, 30)) == "H14"
    assert area_on("H14.02", dt.date(2026, 12, 1)) == "H37"
    assert province_of_gso("04", dt.date(2026, 12, 1)) == "H37"
    assert areas()["H14"].valid_to == dt.date(2026, 11, 30)
    assert area_of_unit("H14.02") == "H14"
    lang_son = sources()["lang_son"]
    assert reportable(lang_son, dt.date(2026, 11, 30)) == {"H37"}
    assert reportable(lang_son, dt.date(2026, 12, 1)) == {"H14", "H37"}


def test_merges_follow_one_another(declare: Declare) -> None:
    declare("area_changes", "merge,2027-01-01,H37,H55,,Luật thử nghiệm", LATER)
    assert successor("H14", dt.date(2026, 12, 1)) == "H37"
    assert successor("H14", dt.date(2027, 1, 1)) == "H55"
    assert area_on("H03", dt.date(2027, 1, 1)) == "H55"


def test_a_new_code_for_the_same_area_is_a_rename(declare: Declare) -> None:
    declare("area_changes", "rename,2027-01-01,H14,H64,,Luật thử nghiệm")
    assert successor("H14", dt.date(2027, 1, 1)) == "H64"


def test_a_split_area_has_no_one_successor(declare: Declare) -> None:
    parts = ("0.4,Luật", "0.6,Luật")
    declare(
        "area_changes",
        f"split,2027-01-01,H14,H37,{parts[0]}",
        f"split,2027-01-01,H14,H60,{parts[1]}",
    )
    with pytest.raises(ValueError, match="H14 was split on 2027-01-01"):
        area_on("H14.02", dt.date(2027, 1, 1))
    assert successor("H14", dt.date(2027, 1, 1)) == "H14"


def test_a_partial_transfer_moves_no_code(declare: Declare) -> None:
    declare(
        "area_changes", "partial,2027-01-01,H14,H37,,Luật", "partial,2027-02-01,H14,H37,0.1,Luật"
    )
    assert successor("H14", dt.date(2027, 3, 1)) == "H14"
    assert areas()["H14"].valid_to is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("melt,2027-01-01,H14,H37,,Luật", r"area_changes\.csv: line 7, kind"),
        ("merge,soon,H14,H37,,Luật", "line 7, on"),
        ("merge,2027-01-01,H14,H14,,Luật", "line 7, to_code"),
        ("merge,2027-01-01,H14,H37,0.5,Luật", "line 7, weight"),
        ("partial,2027-01-01,H14,H37,1.5,Luật", "line 7, weight"),
        ("partial,2027-01-01,H14,H37,much,Luật", "line 7, weight"),
        ("merge,2027-01-01,H14,H37,,", "line 7, legal_basis"),
        ("merge,2027-01-01,H65,H37,,Luật", "H65 never existed"),
        ("merge,2027-01-01,H14,H66,,Luật", "H66 never existed"),
        ("merge,2027-01-01,H03,H37,,Luật", "H03 ended on 2025-07-01"),
        ("merge,2027-01-01,H14,H03,,Luật", "H03 has ended itself"),
        ("split,2027-01-01,H14,H37,0.4,Luật", "H14: the weights of its split"),
    ],
)
def test_an_impossible_change_is_refused_by_line_and_column(
    declare: Declare, line: str, problem: str
) -> None:
    declare("area_changes", line)
    with pytest.raises(DeclarationError, match=problem):
        area_changes()


def test_two_areas_cannot_become_each_other(declare: Declare) -> None:
    declare("area_changes", LATER, "merge,2027-12-01,H37,H14,,Luật")
    with pytest.raises(DeclarationError, match="H14 has ended itself"):
        area_changes()
