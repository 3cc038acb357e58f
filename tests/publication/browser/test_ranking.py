"""The page of rankings in a browser."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from publication.site.model import Site
from publication.site.pages.ranking import rankings

SHARE, RATE = "online_submission_share", "on_time_rate"
PROVINCES = "section[data-kind=province]"


SHOWN = """rows => rows.filter(row => row.checkVisibility()).map(
    row => [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, " ").trim()))"""


def table(page: Page) -> list[list[str]]:
    """The texts of the provinces that are shown."""
    rows: list[list[str]] = page.locator(f"{PROVINCES} tbody tr").evaluate_all(SHOWN)
    return rows


def test_sorts_by_a_column_both_ways_and_without_a_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/vi/ranking.html")
    head = page.locator(f"{PROVINCES} thead th", has_text="Giá trị")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    cells = page.locator(f"{PROVINCES} tbody td:nth-child(3)")
    values = [cell.get_attribute("data-value") or "" for cell in cells.all()]
    known = [float(value) for value in values if value]
    assert known == sorted(known)
    assert len(set(known)) > 10
    assert values[len(known) :] == [""] * (len(values) - len(known)) != []
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert float(cells.first.get_attribute("data-value") or 0) == known[-1]
    assert "sort=-2" in page.url


def test_a_name_is_found_without_its_accents(page: Page, address: str) -> None:
    page.goto(f"{address}/vi/ranking.html")
    page.get_by_label("Lọc theo tên").fill("da nang")
    assert [row[1] for row in table(page)] == ["Đà Nẵng"]
    expect(page.locator("section[data-kind=ministry]")).to_be_hidden()
    page.get_by_label("Lọc theo tên").fill("")
    page.get_by_label("Loại đơn vị").select_option("ministry")
    expect(page.locator(PROVINCES)).to_be_hidden()
    expect(page.locator("section[data-kind=ministry] tbody tr").first).to_be_visible()


def test_another_indicator_and_period_are_shown_and_can_be_shared(
    page: Page, address: str, site: Site, browser: Browser
) -> None:
    page.goto(f"{address}/vi/ranking.html")
    page.get_by_label("Chỉ số").select_option(RATE)
    page.get_by_label("Kỳ", exact=True).select_option("2026-Q3")
    expect(page.locator("#ranked-period")).to_have_text("Quý III/2026")
    ranked = rankings(site.release, RATE)[RATE].rows["2026-Q3"]
    first = next(row for row in ranked if row.rank and row.area.startswith("H"))
    assert table(page)[0][4] == f"{first.numerator} / {first.denominator}"
    page.get_by_label("Lọc theo tên").fill("ha")
    shown = table(page)

    other = browser.new_context().new_page()
    other.goto(page.url)
    expect(other.locator("#ranked-period")).to_have_text("Quý III/2026")
    assert table(other) == shown != []
    other.context.close()


def test_the_script_writes_what_the_page_had(page: Page, built: Path, browser: Browser) -> None:
    for language in ("vi", "en"):
        bare = browser.new_context(java_script_enabled=False).new_page()
        bare.goto(f"{built.as_uri()}/{language}/ranking.html")
        written = table(bare)
        bare.context.close()
        page.goto(f"{built.as_uri()}/{language}/ranking.html")
        page.locator("#indicator").select_option(RATE)
        page.wait_for_function(f"motcua.ranking.{RATE}")
        assert table(page) != written
        page.locator("#indicator").select_option(SHARE)
        page.wait_for_function(f"motcua.ranking.{SHARE}")
        assert table(page) == written
        assert len(written) == 34


def test_without_a_script_there_is_no_dead_control(browser: Browser, built: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{built.as_uri()}/vi/ranking.html")
    assert page.locator("select:visible, input:visible, button:visible").count() == 0
    assert page.get_by_role("link", name="ranking.csv").is_visible()
    page.context.close()


def test_a_file_that_is_missing_is_told(browser: Browser, built: Path) -> None:
    page = browser.new_page()
    page.goto(f"{built.as_uri()}/vi/ranking.html")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.evaluate("document.querySelector('#indicator').append(new Option('?', 'no_such'))")
    page.get_by_label("Chỉ số").select_option("no_such")
    expect(page.get_by_role("alert")).to_have_text(re.compile("Không mở được"))
    page.close()
