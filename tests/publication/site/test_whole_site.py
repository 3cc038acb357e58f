"""What holds of every page of the site."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from catalog.areas import areas
from catalog.written import LANGUAGES
from publication.site.build import _render
from publication.site.model import Site
from publication.site.pages import index
from tests.publication.site.read import Read

MOST = 300_000
"""Bytes of a page with everything that it loads before anybody chooses anything."""
OURS = ("index.html", "areas.html", "indicators.html", "area/*.html", "indicator/*.html")
CODE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
WORDS = re.compile(r"\b(?:provisional|withheld|no_data|missing|higher_better|None|nan|undefined)\b")


@pytest.fixture(scope="session")
def read(built: Path) -> dict[Path, Read]:
    pages = [page for language in LANGUAGES for page in sorted((built / language).rglob("*.html"))]
    return {page: Read(page) for page in pages}


def _ours(built: Path, language: str) -> list[Path]:
    return [page for form in OURS for page in (built / language).glob(form)]


def test_pages_are_well_formed_and_ids_stand_once(read: dict[Path, Read]) -> None:
    for page, found in read.items():
        assert found.problems == [], page
        assert len(set(found.ids)) == len(found.ids), page


def test_every_page_has_one_heading_a_language_and_the_content(read: dict[Path, Read]) -> None:
    for page, found in read.items():
        assert found.tags.count("h1") == 1, page
        assert f'<html lang="{_language(page)}"' in page.read_text(encoding="utf-8")
        assert "content" in found.ids


def _language(page: Path) -> str:
    return next(part for part in reversed(page.parts) if part in LANGUAGES)


def test_every_link_leads_to_a_file_and_a_place_in_it(built: Path, read: dict[Path, Read]) -> None:
    by_file = {page.resolve(): found for page, found in read.items()}
    for page, found in read.items():
        for link in {*found.links, *found.loaded}:
            if re.match(r"https?:|mailto:|data:", link):
                continue
            path, _, place = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page.resolve()
            assert target.is_file(), f"{page.relative_to(built)} -> {link}"
            if place and target in by_file:
                assert place in by_file[target].ids, f"{page.relative_to(built)} -> {link}"


def test_nothing_is_loaded_from_elsewhere(built: Path, read: dict[Path, Read]) -> None:
    for page, found in read.items():
        outside = [w for w in found.loaded if re.match(r"(?!data:,)\w+:|//", w)]
        assert outside == [], page
    style = (built / "assets" / "style.css").read_text(encoding="utf-8")
    assert "@import" not in style
    assert "url(" not in style


def test_a_page_and_what_it_loads_stay_light(read: dict[Path, Read]) -> None:
    for page, found in read.items():
        needed = {(page.parent / path).resolve() for path in found.loaded if "data:" not in path}
        assert page.stat().st_size + sum(f.stat().st_size for f in needed) < MOST, page


def test_both_languages_have_the_same_pages(built: Path) -> None:
    first, second = (
        {page.relative_to(built / language) for page in (built / language).rglob("*.html")}
        for language in LANGUAGES
    )
    assert first == second
    assert Path("area/H26.html") in first
    assert Path("indicator/online_submission_share.html") in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_where_codes_would(built: Path, language: str, read: dict[Path, Read]) -> None:
    known = re.compile(rf"\b(?:{'|'.join(code for code in areas() if code != 'VN')})\b")
    for page in _ours(built, language):
        for text in (read[page].text, *read[page].labels):
            assert not CODE.findall(text), page
            assert not known.findall(text), page


def test_no_word_of_the_program_is_left_in_vietnamese_pages(
    built: Path, read: dict[Path, Read]
) -> None:
    for page in _ours(built, "vi"):
        assert not WORDS.findall(read[page].text), page


def test_the_same_releases_give_the_same_pages(site: Site, built: Path) -> None:
    (page,) = index.pages(site, "vi")
    assert _render(site, page, "vi") == (built / "vi" / "index.html").read_bytes()
