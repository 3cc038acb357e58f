"""A workbook for people: headline figures, the history of every theme, and the definitions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xlsxwriter import Workbook

from publication.formats.xlsx.book import Book
from publication.formats.xlsx.definitions import write_definitions
from publication.formats.xlsx.headlines import write_headlines
from publication.formats.xlsx.reading import write_reading
from publication.formats.xlsx.themes import write_themes
from publication.release import Release
from publication.words import say

FILES = ("indicators.xlsx",)
ABOUT = {
    "vi": "Bảng tính cho người đọc: chỉ số chính, số liệu các tháng, quý, năm theo nhóm chỉ số, "
    "và định nghĩa.",
    "en": "A workbook for people: headline figures, the months, quarters and years of every theme, "
    "and the definitions.",
}
STRICT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Text is text, whatever it looks like: names come from people."""


def write(release: Release, folder: Path) -> None:
    """``indicators.xlsx``."""
    with Workbook(str(folder / FILES[0]), STRICT) as workbook:
        book = Book(workbook)
        workbook.set_properties(_properties(release))
        write_reading(book, release)
        write_headlines(book, release)
        write_themes(book, release)
        write_definitions(book, release)


def _properties(release: Release) -> dict[str, str | dt.datetime]:
    return {
        "title": say("files.title_of_release", "vi", release=release.id),
        "author": say("files.publisher", "vi"),
        "comments": say("files.attribution", "vi", release=release.id),
        "created": release.night.cutoff.replace(tzinfo=None),
    }
