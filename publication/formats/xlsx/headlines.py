"""The headline figures of the nation and every area, for the newest period that has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet

from catalog.written import LANGUAGES, NONE, period
from publication.formats.xlsx.book import LINE, Book, beside, both, called
from publication.names import area_name, code_name, known
from publication.release import Figure, Release

FIRST = 2
"""Columns before the figures: code and name."""
WIDTH = 24
Cells = Mapping[str, Figure]


def write_headlines(book: Book, release: Release) -> None:
    """One row an area, one column a headline figure, its period in the heading."""
    shown = [entry for entry in release.catalogue.values() if entry["headline"]]
    shown.sort(key=lambda entry: entry["headline"])
    columns = [(entry, _newest(release, entry["code"])) for entry in shown]
    headings = [both("xlsx.code"), both("xlsx.area"), *(_heading(*column) for column in columns)]
    widths = (8, 52, *(WIDTH for _ in shown))
    sheet = book.sheet(called("files.sheet_headlines"), headings, widths)
    sheet.set_row(0, 110)
    sheet.freeze_panes(1, FIRST)
    areas = [code for code in known() if any(code in cells for _, cells in columns)]
    for row, code in enumerate(areas, start=1):
        sheet.set_row(row, 2 * LINE)
        sheet.write_string(row, 0, code)
        sheet.write_string(row, 1, named(code))
        for place, (entry, cells) in enumerate(columns, start=FIRST):
            write_figure(book, sheet, row, place, entry["unit"], cells.get(code))
    sheet.autofilter(0, 0, len(areas), len(headings) - 1)


def _newest(release: Release, indicator: str) -> Cells:
    """The figures of all areas in the newest ended period of the nation: one period a column, so
    that what stands below each other can be compared."""
    nation = release.newest(indicator, "VN")
    if nation is None:
        return {}
    found = (
        (code, figure)
        for code in known()
        for figure in release.figures(indicator, code, nation.period_type)
        if figure.period == nation.period
    )
    return dict(found)


def _heading(entry: Mapping[str, Any], cells: Cells) -> str:
    names = [entry[f"name_{language}"] for language in LANGUAGES]
    if not cells:
        return "\n".join((*names, beside("files.no_period")))
    when = next(iter(cells.values())).period
    told = dict.fromkeys(period(when, language) for language in LANGUAGES)
    return "\n".join((*names, " / ".join(told)))


def named(area: str) -> str:
    """An area's name, in both languages where they differ."""
    return " / ".join(dict.fromkeys(area_name(area, language) for language in LANGUAGES))


def why(reason: str) -> str:
    """Why there is no number, in both languages."""
    return " / ".join(code_name("no_value", reason, language) for language in LANGUAGES)


def write_figure(
    book: Book, sheet: Worksheet, row: int, place: int, unit: str, figure: Figure | None
) -> None:
    """A number, or why there is none."""
    if figure is None:
        sheet.write_string(row, place, NONE, book.quiet)
    elif figure.value is None:
        sheet.write_string(row, place, why(figure.reason), book.quiet)
    else:
        sheet.write_number(row, place, figure.value, book.number(unit, figure.status))
