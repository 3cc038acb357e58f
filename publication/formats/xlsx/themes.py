"""One sheet a theme: every indicator of it, by area, month, quarter and year."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.compute as pc
from xlsxwriter.worksheet import Worksheet

from catalog import codelists
from publication.formats.xlsx.book import Book, beside, both
from publication.formats.xlsx.headlines import named, why
from publication.names import code_name, known
from publication.release import Figure, Release

COLUMNS = {
    "code": 10, "indicator": 46, "area_code": 8, "area": 30, "kind": 16, "period": 10,
    "value": 12, "numerator": 12, "denominator": 12, "coverage": 10, "status": 24, "reason": 40,
}  # fmt: skip
"""Headings (``words/xlsx.yml``) and widths."""
KINDS = ("month", "quarter", "year")


def write_themes(book: Book, release: Release) -> None:
    """The themes that have figures, in the order of the code list."""
    found: dict[str, list[Figure]] = {}
    for figure in _shown(release):
        found.setdefault(release.catalogue[figure.indicator]["theme"], []).append(figure)
    for theme in (row["code"] for row in codelists.rows("theme")):
        if theme in found:
            _write(book, release, theme, found[theme])


def _shown(release: Release) -> Iterator[Figure]:
    """Figures on today's borders by indicator, area in the official order, kind and period."""
    rows = release.areas
    kept = pc.and_(
        pc.equal(rows["borders"], "34"),
        pc.not_equal(rows["period_type"], "all"),
    )
    columns = rows.filter(kept).select(Figure._fields).columns
    figures = map(Figure._make, zip(*(c.to_pylist() for c in columns), strict=True))
    places = {code: place for place, code in enumerate(known())}
    yield from sorted(
        figures,
        key=lambda f: (f.indicator, places[f.area], KINDS.index(f.period_type), f.period),
    )


def _write(book: Book, release: Release, theme: str, figures: list[Figure]) -> None:
    headings = [both(f"xlsx.{name}") for name in COLUMNS]
    name = code_name("theme", theme, "vi").replace("/", "-")
    sheet = book.sheet(name[:31], headings, list(COLUMNS.values()))
    for row, figure in enumerate(figures, start=1):
        _write_row(book, sheet, row, figure, release)
    sheet.autofilter(0, 0, len(figures), len(COLUMNS) - 1)


def _write_row(book: Book, sheet: Worksheet, row: int, figure: Figure, release: Release) -> None:
    told = release.catalogue[figure.indicator]
    texts = {
        0: figure.indicator,
        1: f"{told['name_vi']} / {told['name_en']}",
        2: figure.area,
        3: named(figure.area),
        4: beside(f"period_type.{figure.period_type}"),
        5: figure.period,
        10: beside(f"figure_status.{figure.status}"),
        11: why(figure.reason) if figure.reason else "",
    }
    numbers = {
        6: (figure.value, book.number(told["unit"], figure.status)),
        7: (figure.numerator, book.numbers["count"]),
        8: (figure.denominator, book.numbers["count"]),
        9: (figure.coverage, book.whole_percent),
    }
    for place, text in texts.items():
        if text:
            sheet.write_string(row, place, text)
    for place, (number, look) in numbers.items():
        if number is not None:
            sheet.write_number(row, place, number, look)
