"""How figures are written for people."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog import written
from publication.words import words


@pytest.mark.parametrize(
    ("number", "unit", "vi", "en"),
    [
        (0.8134, "share", "81,3 %", "81.3%"),
        (1234567, "count", "1.234.567", "1,234,567"),
        (83.1, "score", "83,10", "83.10"),
        (3.25, "mean", "3,2", "3.2"),
        (None, "share", "–", "–"),
    ],
)
def test_a_figure_is_written_as_its_language_does(
    number: float | None, unit: str, vi: str, en: str
) -> None:
    assert written.value(number, unit, "vi") == vi
    assert written.value(number, unit, "en") == en


@pytest.mark.parametrize(
    ("number", "unit", "vi"),
    [
        (0.0123, "share", "+1,2 điểm %"),
        (-0.0123, "share", "-1,2 điểm %"),
        (-0.0001, "share", "0,0 điểm %"),
        (-1500, "count", "-1.500"),
        (0, "count", "0"),
        (0.004, "score", "0,00"),
    ],
)
def test_a_change_has_a_sign_where_it_is_one(number: float, unit: str, vi: str) -> None:
    assert written.change(number, unit, "vi") == vi


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("2026-10", "Tháng 10/2026", "October 2026"),
        ("2026-Q3", "Quý III/2026", "Q3 2026"),
        ("2026", "Năm 2026", "2026"),
    ],
)
def test_periods_have_names(name: str, vi: str, en: str) -> None:
    assert (written.period(name, "vi"), written.period(name, "en")) == (vi, en)


def test_days_have_names() -> None:
    on = dt.date(2026, 11, 2)
    assert (written.day(on, "vi"), written.day(on, "en")) == ("02/11/2026", "2 November 2026")


def test_every_text_loads_in_both_languages() -> None:
    assert all(text.vi and text.en for text in words().values())
