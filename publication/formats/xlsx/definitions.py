"""The last sheet: what each indicator means."""

from __future__ import annotations

from publication.formats import definitions
from publication.formats.xlsx.book import Book, both, called, height
from publication.release import Release

WIDTHS = {"code": 30, "name_vi": 44, "name_en": 44, "formula_vi": 70, "formula_en": 70}
USUAL = 16
HIGHEST = 400
"""A row may be 409 points high."""


def write_definitions(book: Book, release: Release) -> None:
    """The rows of ``definitions.csv``."""
    table = definitions.table(release)
    names = table.column_names
    widths = [WIDTHS.get(name, USUAL) for name in names]
    headings = [both(f"column.{name}") for name in names]
    sheet = book.sheet(called("files.sheet_definitions"), headings, widths)
    sheet.freeze_panes(1, 1)
    for row, entry in enumerate(table.to_pylist(), start=1):
        texts = (str(entry[name] or "") for name in names)
        sheet.set_row(row, min(height(zip(texts, widths, strict=True)), HIGHEST))
        for place, name in enumerate(names):
            if entry[name] not in (None, ""):
                sheet.write(row, place, entry[name], book.wrapped)
    sheet.autofilter(0, 0, table.num_rows, len(names) - 1)
