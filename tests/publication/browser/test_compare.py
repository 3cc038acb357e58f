"""The page that compares, in a browser."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from catalog import written
from catalog.written import Language
from publication.release import Release
from publication.site.model import Site

AREAS, PERIODS = ("H26", "H29"), ("2026-Q1", "2026-Q3")
SHARE = "online_submission_share"
CHOICE = "first=H26&second=H29&kind=quarter&before=2026-Q1&after=2026-Q3&theme=online"

CELLS = """rows => rows.map(row => [
    row.querySelector("a").getAttribute("href").match(/(\\w+)\\.html/)[1],
    ...[...row.querySelectorAll("td.number")].map(cell => cell.firstChild.textContent.trim())])"""


def row(page: Page, name: str) -> Locator:
    link = page.get_by_role("link", name=name, exact=True)
    return page.locator("#compared tbody tr", has=link)


def texts(found: Locator) -> list[str]:
    expect(found).to_be_visible()
    return [" ".join(text.split()) for text in found.locator("td").all_inner_texts()]


def test_two_areas_and_two_periods_stand_side_by_side(page: Page, address: str, site: Site) -> None:
    page.goto(f"{address}/vi/compare.html")
    for label, chosen in {
        "Đơn vị thứ nhất": "H26", "Đơn vị thứ hai": "H29", "Loại kỳ": "quarter",
        "Kỳ trước": "2026-Q1", "Kỳ sau": "2026-Q3", "Nhóm chỉ số": "online",
    }.items():  # fmt: skip
        page.get_by_label(label, exact=True).select_option(chosen)
    expect(page.locator("#compared caption")).to_have_text(
        "Hà Nội và Hồ Chí Minh: Quý I/2026 và Quý III/2026"
    )
    known = {
        (area, figure.period): figure.value
        for area in AREAS
        for figure in site.release.figures(SHARE, area, "quarter")
    }
    figures = [known[area, period] for area in AREAS for period in PERIODS]
    shown = texts(row(page, site.release.catalogue[SHARE]["name_vi"]))
    assert [shown[place].rpartition(" ")[0].rpartition(" ")[0] for place in (0, 1, 3, 4)] == [
        written.value(figure, "share", "vi") for figure in figures
    ]
    assert None not in figures
    first, second, third, fourth = (figure or 0 for figure in figures)
    changes = (second - first, fourth - third, fourth - second)
    assert [shown[place] for place in (2, 5, 6)] == [
        written.change(moved, "share", "vi") for moved in changes
    ]
    assert page.locator("#compared tbody svg .mark").count() >= 4


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_script_writes_figures_as_the_pages_do(
    page: Page, built: Path, site: Site, language: Language
) -> None:
    release, seen = site.release, set()
    page.goto(f"{built.as_uri()}/{language}/compare.html#{CHOICE.replace('H26', 'VN')}")
    for theme in page.locator("#theme option").evaluate_all("all => all.map(one => one.value)"):
        page.locator("#theme").select_option(theme)
        for shown in page.locator("#compared tbody tr").evaluate_all(CELLS):
            told = release.catalogue[shown.pop(0)]
            given = [
                _at(release, told["code"], *place) for place in product(("VN", "H29"), PERIODS)
            ]
            before, after, other, last = given
            moves = [(before, after), (other, last), (after, last)]
            changes = [None if a is None or b is None else b - a for a, b in moves]
            assert [shown[place] for place in (0, 1, 3, 4)] == [
                written.value(value, told["unit"], language) for value in given
            ]
            assert [shown[place] for place in (2, 5, 6)] == [
                written.change(change, told["unit"], language) for change in changes
            ]
            seen |= {told["unit"] for value in given if value is not None}
    assert seen == {"share", "count", "mean"}


def _at(release: Release, code: str, area: str, period: str) -> float | None:
    found = {figure.period: figure.value for figure in release.figures(code, area, "quarter")}
    return found.get(period)


def test_a_comparison_can_be_shared_in_the_other_language(page: Page, address: str) -> None:
    page.goto(f"{address}/vi/compare.html#{CHOICE}")
    expect(page.locator("#compared tbody tr").first).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator("#compared caption")).to_contain_text("Q1 2026 and Q3 2026")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith(CHOICE)


def test_what_is_missing_is_no_zero(page: Page, built: Path, site: Site) -> None:
    """The province that never reports has a reason in place of a number, and no mark."""
    choice = CHOICE.replace("H26", "H14")
    page.goto(f"{built.as_uri()}/vi/compare.html#{choice}")
    found = row(page, site.release.catalogue[SHARE]["name_vi"])
    shown = texts(found)
    assert shown[:3] == ["– Chưa có báo cáo", "– Chưa có báo cáo", "–"]
    assert shown[6] == "–"
    assert found.locator(".mark").count() == 2


def test_without_a_script_the_files_are_offered(browser: Browser, built: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{built.as_uri()}/vi/compare.html")
    expect(page.get_by_role("link", name="Hà Nội (CSV)")).to_be_visible()
    assert page.locator("select:visible").count() == 0
    page.context.close()
