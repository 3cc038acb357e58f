"""The monthly bulletin: ``bulletin-2026-10.vi.pdf`` and its English twin."""

from __future__ import annotations

from pathlib import Path

from catalog.written import LANGUAGES
from publication.bulletin.content import content
from publication.bulletin.month import month_of, monthly
from publication.bulletin.printing import printed
from publication.release import Release

FILES = ("bulletin-*.pdf",)
ABOUT = {
    "vi": "Bản tin tháng, hai trang A4 để in và gửi: các chỉ số chính, bản đồ, biến động, "
    "đính chính.",
    "en": "The monthly bulletin, two A4 pages to print and send: headline figures, map, changes, "
    "corrections.",
}


def write(release: Release, folder: Path) -> None:
    """Write it in both languages. A release without a headline figure by month has none."""
    if not monthly(release):
        return
    for language in LANGUAGES:
        pdf = printed(content(release, language), release.night)
        (folder / f"bulletin-{month_of(release)}.{language}.pdf").write_bytes(pdf)
