"""What may be done with the data, and how to name its source."""

from __future__ import annotations

from pathlib import Path

from catalog.written import LANGUAGES, Language
from publication.release import Release
from publication.words import say

FILES = ("LICENSE.txt",)
ABOUT = {
    "vi": "Giấy phép sử dụng dữ liệu và cách ghi nguồn.",
    "en": "What may be done with the data, and how to name its source.",
}
ID = "CC-BY-4.0"
URL = "https://creativecommons.org/licenses/by/4.0/"


def write(release: Release, folder: Path) -> None:
    """``LICENSE.txt``."""
    told = "\n".join(_told(release, language) for language in LANGUAGES)
    (folder / FILES[0]).write_text(told, encoding="utf-8")


def _told(release: Release, language: Language) -> str:
    licence = say("files.licence", language)
    return say(
        "files.licence_text", language,
        release=release.id, licence=licence, attribution=attribution(release, language),
    )  # fmt: skip


def attribution(release: Release, language: Language) -> str:
    """The line by which the source is named."""
    return say("files.attribution", language, release=release.id)
