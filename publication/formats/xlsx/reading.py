"""The first sheet: which release this is, and how to read the others."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.written import LANGUAGES, Language, day
from publication.formats import licence
from publication.formats.sdmx_structure.identity import VERSION
from publication.formats.xlsx.book import LINE, Book, called, height
from publication.release import Release
from publication.words import say

WIDTHS = (28, 100)
NOTES = ("read_headlines", "read_themes", "read_values", "read_borders")


def write_reading(book: Book, release: Release) -> None:
    """The sheet in Vietnamese, then in English."""
    sheet = book.workbook.add_worksheet(called("files.sheet_read"))
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    row = 0
    for language in LANGUAGES:
        sheet.set_row(row, 2 * LINE)
        sheet.write_string(row, 0, say("files.title", language), book.title)
        for name, text in (*_facts(release, language), *_notes(language)):
            row += 1
            sheet.set_row(row, height([(text, WIDTHS[1])]))
            sheet.write_string(row, 0, name, book.strong)
            sheet.write_string(row, 1, text, book.wrapped)
        row += 2


def _facts(release: Release, language: Language) -> Iterator[tuple[str, str]]:
    told = {
        "release": release.id,
        "as_of": day(release.night.on, language),
        "structure": VERSION,
        "licence": f"{say('files.licence', language)}, {licence.URL}",
        "source": licence.attribution(release, language),
    }
    for name, text in told.items():
        yield say(f"files.read_{name}", language), text


def _notes(language: Language) -> Iterator[tuple[str, str]]:
    sheet = called("files.sheet_headlines")
    for key in NOTES:
        yield "", say(f"files.{key}", language, sheet=sheet)
