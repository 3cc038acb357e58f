"""The PDF: two pages, the same bytes, nothing read as markup, all letters there."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from catalog import written
from catalog.errors import PublicationError
from publication.bulletin.content import content
from publication.bulletin.printing import printed
from publication.formats import bulletin
from publication.release import Release
from tests.publication.bulletin.made import made

HOSTILE = '#import "x": * *bold* $x$ _a_ "] #panic() @ref <label> \\ // `raw` = h'
LETTERS = "ẮẰẲẴẶắằẳẵặẤẦẨẪẬấầẩẫậẾỀỂỄỆếềểễệỐỒỔỖỘốồổỗộỚỜỞỠỢớờởỡợỨỪỬỮỰứừửữựỲÝỶỸỴỳýỷỹỵĐđĨĩŨũ"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("nightly")
    return made(folder, name=f"{HOSTILE} {LETTERS}", corrections=[f"{HOSTILE}: nay 66,7 %."])


@pytest.fixture(scope="module")
def pdf(release: Release) -> bytes:
    return printed(content(release, "vi"), release.night)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def read(pdf: bytes) -> str:
    """Its text, one blank between words."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the text of PDFs")
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(" ".join(texts).split())


def test_it_has_two_pages_and_is_dated_by_the_night(pdf: bytes) -> None:
    assert pages(pdf) == 2
    assert b"D:20261121170000Z" in pdf, "the end of the day in Viet Nam"


def test_it_is_tagged_titled_in_its_language_and_the_map_is_told_in_words(pdf: bytes) -> None:
    assert b"/Lang(vi)" in pdf
    assert b"/Marked true" in pdf
    assert b"/Alt" in pdf
    for told in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "Bản tin Một Cửa, Tháng 10/2026"):
        assert told.encode() in pdf


def test_the_same_release_gives_the_same_bytes(release: Release, pdf: bytes) -> None:
    again = Release(release.folder)
    assert printed(content(again, "vi"), again.night) == pdf


def test_its_text_can_be_read_back_with_every_vietnamese_letter(pdf: bytes) -> None:
    text = read(pdf)
    assert unicodedata.is_normalized("NFC", text)
    assert LETTERS in text.replace(" ", "")
    assert "Hoàng Sa (Đà Nẵng)" in text
    assert "Trường Sa (Khánh Hòa)" in text


def test_its_numbers_are_those_of_the_release(pdf: bytes) -> None:
    text = read(pdf)
    for shown in (
        written.value(0.5561, "share", "vi"),
        written.value(0.5048, "share", "vi"),
        written.change(0.0513, "share", "vi"),
        written.change(-0.0297, "share", "vi"),
        written.value(61.677, "score", "vi"),
    ):
        assert shown in text


def test_what_is_told_is_never_markup(pdf: bytes) -> None:
    assert read(pdf).replace(" ", "").count(HOSTILE.replace(" ", "")) >= 2


def test_it_stays_at_two_pages_however_much_there_is(release: Release) -> None:
    told = crowded(content(release, "vi"))
    pdf = printed(told, release.night)
    assert pages(pdf) == 2
    assert re.search(r"và \d+ mục khác", read(pdf))


def crowded(told: dict[str, Any]) -> dict[str, Any]:
    """The same with long names, and more of everything than fits."""
    for row in told["headline"]["rows"]:
        row["name"] = "Một tên rất dài " * 12
    told["headline"]["rows"] *= 5
    told["movers"]["rows"] *= 30
    told["by_tier"]["rows"] *= 5
    told["corrections"]["rows"] = ["Một dòng đính chính rất dài " * 12] * 60
    for group in told["tiers"]["groups"]:
        group["rows"] *= 3
    return told


def test_nothing_to_tell_is_two_pages_too(release: Release) -> None:
    told = content(release, "vi")
    for part in ("headline", "movers", "by_tier", "corrections"):
        told[part]["rows"] = []
    told["map"]["tiles"] = [tile | {"step": None} for tile in told["map"]["tiles"]]
    told["map"]["legend"] = []
    for group in told["tiers"]["groups"]:
        group["rows"] = []
    assert pages(printed(told, release.night)) == 2


def test_a_sign_that_no_font_has_is_refused_without_quoting_it(release: Release) -> None:
    told = content(release, "vi")
    told["corrections"]["rows"] = ["漢"]
    with pytest.raises(PublicationError, match="a sign that no font has") as refused:
        printed(told, release.night)
    assert "漢" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_both_languages_are_written_under_the_name_of_the_month(
    release: Release, tmp_path: Path
) -> None:
    bulletin.write(release, tmp_path)
    names = [file.name for file in sorted(tmp_path.iterdir())]
    assert names == ["bulletin-2026-10.en.pdf", "bulletin-2026-10.vi.pdf"]
    assert all(pages(file.read_bytes()) == 2 for file in tmp_path.iterdir())


def test_a_release_without_a_headline_figure_by_month_has_no_bulletin(
    release: Release, tmp_path: Path
) -> None:
    without = Release(release.folder)
    without.__dict__["catalogue"] = {
        code: entry for code, entry in release.catalogue.items() if code == "score"
    }
    bulletin.write(without, tmp_path)
    assert not list(tmp_path.iterdir())
