"""What the sheets share: how they look, and headings that stay and filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from catalog.written import LANGUAGES
from publication.words import say

NUMBERS = {"share": "0.0%", "count": "#,##0", "score": "#,##0.00", "mean": "#,##0.0"}
"""How a figure of a unit looks; the number itself is whole."""
INK, PAPER, QUIET = "#FFFFFF", "#1F4E79", "#595959"
LINE = 15
"""Points that a line of text is high. Not every program makes rows as high as what they hold."""


class Book:
    """A workbook with its looks."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.heading = workbook.add_format(
            {"bold": True, "font_color": INK, "bg_color": PAPER, "text_wrap": True, "valign": "top"}
        )
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.strong = workbook.add_format({"bold": True, "valign": "top"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.quiet = workbook.add_format(
            {"font_color": QUIET, "font_size": 8, "text_wrap": True, "align": "right"}
        )
        self.numbers = {unit: workbook.add_format({"num_format": f}) for unit, f in NUMBERS.items()}
        self.provisional = {
            unit: workbook.add_format({"num_format": f, "italic": True})
            for unit, f in NUMBERS.items()
        }
        self.whole_percent = workbook.add_format({"num_format": "0%"})

    def number(self, unit: str, status: str) -> Format:
        """The look of a figure: in italics until it is final."""
        return (self.numbers if status == "final" else self.provisional)[unit]

    def sheet(self, name: str, headings: Sequence[str], widths: Sequence[float]) -> Worksheet:
        """A sheet whose first row says what the columns are."""
        sheet = self.workbook.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.write_row(0, 0, headings, self.heading)
        sheet.set_row(0, 48)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet


def height(texts: Iterable[tuple[str, float]]) -> float:
    """How high a row must be for wrapped texts in columns so wide."""
    return LINE * max(ceil(len(text) / width) for text, width in texts)


def both(key: str, **filled: str) -> str:
    """A text in both languages, one below the other."""
    return "\n".join(say(key, language, **filled) for language in LANGUAGES)


def beside(key: str) -> str:
    """A short text in both languages in one line: Tạm tính / Provisional."""
    return " / ".join(dict.fromkeys(say(key, language) for language in LANGUAGES))


def called(key: str) -> str:
    """A sheet's name in both languages; a sheet's name may hold no slash."""
    return beside(key).replace(" / ", " - ")
