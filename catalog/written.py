"""How figures, periods and days are written for people, in Vietnamese and English."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
"""The first is the one that people land on."""
NONE = "–"
"""What stands where there is no number; the reason stands beside it."""


@cache
def value(number: float | None, unit: str, language: Language) -> str:
    """A figure of a unit of `Indicator.unit`: 81,3 % / 81.3%; 1.234 / 1,234; 83,10 / 83.10."""
    if number is None:
        return NONE
    if unit == "share":
        return format_percent(number, "#,##0.0 %" if language == "vi" else "#,##0.0%", language)
    form = {"count": "#,##0", "score": "#,##0.00", "mean": "#,##0.0"}[unit]
    return format_decimal(number, form, language)


@cache
def count(number: int | None, language: Language) -> str:
    """How many cases."""
    return NONE if number is None else format_decimal(number, "#,##0", language)


@cache
def share(number: float | None, language: Language) -> str:
    """A coverage, or any other part of a whole, in whole percent."""
    form = "#,##0 %" if language == "vi" else "#,##0%"
    return NONE if number is None else format_percent(number, form, language)


@cache
def change(number: float | None, unit: str, language: Language) -> str:
    """A difference of two figures, with its sign; of shares in percentage points."""
    if number is None:
        return NONE
    points = {"vi": " điểm %", "en": " pp"}[language] if unit == "share" else ""
    places = {"count": 0, "score": 2}.get(unit, 1)
    size = round(number * 100 if unit == "share" else number, places)
    form = "#,##0" + (f".{'0' * places}" if places else "")
    signed = f"+{form};-{form}" if size else form
    return format_decimal(size or 0, signed, language) + points


@cache
def period(name: str, language: Language) -> str:
    """2026-10 -> Tháng 10/2026, October 2026; 2026-Q3 -> Quý III/2026, Q3 2026; 2026; all."""
    if name == "all":
        return {"vi": "Từ trước đến nay", "en": "All time"}[language]
    if "-Q" in name:
        year, quarter = name.split("-Q")
        roman = ("I", "II", "III", "IV")[int(quarter) - 1]
        return f"Quý {roman}/{year}" if language == "vi" else f"Q{quarter} {year}"
    if len(name) == len("2026-10"):
        first = dt.date.fromisoformat(f"{name}-01")
        return f"Tháng {first.month}/{first.year}" if language == "vi" else f"{first:%B %Y}"
    return f"Năm {name}" if language == "vi" else name


@cache
def short_period(name: str, language: Language) -> str:
    """A period as the axis of a chart has room for: 10/2026, Oct 2026; III/2026, Q3 2026; 2026."""
    if len(name) == len("2026-10") and "Q" not in name:
        first = dt.date.fromisoformat(f"{name}-01")
        return f"{first.month}/{first.year}" if language == "vi" else f"{first:%b %Y}"
    return period(name, language).removeprefix("Quý ").removeprefix("Năm ")


@cache
def day(on: dt.date, language: Language) -> str:
    """22/11/2026; 22 November 2026."""
    return format_date(on, "dd/MM/yyyy" if language == "vi" else "d MMMM yyyy", language)
