"""Office hours as declared: whose, since when, and which lines are refused."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import codelists, office_hours
from catalog import settings as catalog_settings
from catalog.areas import areas
from catalog.errors import DeclarationError
from catalog.office_hours import office_of, receives_until, sessions
from catalog.settings import CATALOG

GOOD = "VN,2010-01-01,08:00,12:00,13:00,17:00,17:00,0,Chung"
HEAD = "code,starts_on,opens,noon_from,noon_to,closes,receives_until,works_saturday_morning,name_vi"
TUESDAY, SATURDAY = dt.date(2026, 11, 10), dt.date(2026, 11, 14)
READ = (codelists.rows, office_hours._lines, office_hours.hours, office_hours.sessions)


def forget() -> None:
    for read in (catalog_settings.settings, *READ):
        read.cache_clear()


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A list of our own, written by the test."""
    areas()
    shutil.copytree(CATALOG / "codelists", tmp_path / "catalog/codelists")
    monkeypatch.setenv("MOTCUA_DECLARATIONS_DIR", str(tmp_path))
    forget()
    yield tmp_path / "catalog/codelists/office_hours.csv"
    monkeypatch.undo()
    forget()


def test_hours_change_on_their_day_and_only_there(lines: Path) -> None:
    own = "H26,2026-11-10,07:00,11:00,13:30,16:30,16:00,1,Riêng"
    lines.write_text("\n".join((HEAD, own, GOOD)), encoding="utf-8")
    before, after = sessions("H26", TUESDAY - dt.timedelta(days=1)), sessions("H26", TUESDAY)
    assert (
        before == sessions("VN", TUESDAY) == ((dt.time(8), dt.time(12)), (dt.time(13), dt.time(17)))
    )
    assert after == ((dt.time(7), dt.time(11)), (dt.time(13, 30), dt.time(16, 30)))
    assert receives_until("H26", TUESDAY) == dt.time(16)
    assert sessions("H26", SATURDAY) == ((dt.time(7), dt.time(11)),)
    assert receives_until("H26", SATURDAY) == dt.time(11)
    assert sessions("VN", SATURDAY) == ()
    assert receives_until("VN", SATURDAY) is None
    assert (office_of("H26"), office_of("H29")) == ("H26", "VN")


def test_a_province_that_was_merged_keeps_the_hours_of_its_successor() -> None:
    assert office_of("H29") == office_of("H09") == "H29"  # Bình Dương is part of Hồ Chí Minh City


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("H26,2026-11-10,12:00,12:00,13:00,17:00,17:00,0,x", "do not follow"),
        ("H26,2026-11-10,08:00,12:00,13:00,17:00,17:30,0,x", "do not follow"),
        ("H26,2026-11-10,eight,12:00,13:00,17:00,17:00,0,x", "not a day"),
        ("H26,2026-11-10,08:00,12:00,13:00,17:00,17:00,yes,x", "not a day"),
        ("H00,2026-11-10,08:00,12:00,13:00,17:00,17:00,0,x", "no area H00"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(lines: Path, line: str, told: str) -> None:
    lines.write_text("\n".join((HEAD, GOOD, line)), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"line 3.*{told}"):
        office_of("H26")


def test_the_nation_must_have_hours_for_all_days(lines: Path) -> None:
    lines.write_text("\n".join((HEAD, GOOD.replace("2010", "2020"))), encoding="utf-8")
    with pytest.raises(DeclarationError, match="no line for VN"):
        office_of("H26")
