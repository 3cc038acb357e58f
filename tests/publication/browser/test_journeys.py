"""What people come for, from the home page on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalog import written
from publication.site.model import Site
from tests.publication.site.made import FROZEN

SHARE, PROVINCE, NAME = "online_submission_share", "H29", "Hồ Chí Minh"
FOCUSED = "document.activeElement.getAttribute('href') ?? ''"


def test_the_share_of_a_province_its_definition_and_its_file_are_three_clicks_away(
    page: Page, address: str, site: Site
) -> None:
    """Home, click the province; its figure of last month is there, beside its file (second click)
    and its definition (third click)."""
    page.goto(f"{address}/vi/index.html")
    page.locator(f'main a[href="area/{PROVINCE}.html"]:visible').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    newest = site.release.newest(SHARE, PROVINCE)
    assert newest is not None
    shown = page.locator(f"article#{SHARE} .now")
    expect(shown).to_contain_text(written.value(newest.value, "share", "vi"))
    expect(shown).to_contain_text(written.period("2026-10", "vi"))

    with page.expect_download() as got:
        page.locator("main a.download").first.click()
    text = Path(got.value.path()).read_text(encoding="utf-8-sig")
    assert got.value.suggested_filename == f"{PROVINCE}.csv"
    assert [line for line in text.splitlines() if SHARE in line and "2026-10" in line]

    page.locator(f'article#{SHARE} a[href$="indicator/{SHARE}.html"]').click()
    expect(page.locator("#definition")).to_be_visible()
    formula = site.release.catalogue[SHARE]["formula"]["vi"]
    expect(page.locator("main dl").first).to_contain_text(formula[:40])


def test_a_province_is_reached_from_home_without_a_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/vi/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(90):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        if page.evaluate(FOCUSED).endswith(f"area/{PROVINCE}.html"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_the_other_language_keeps_the_page_and_what_was_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}/vi/area/{PROVINCE}.html")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith(f"/en/area/{PROVINCE}.html")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(f"{address}/vi/ranking.html")
    page.get_by_label("Lọc theo tên").fill("ha noi")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Filter by name")).to_have_value("ha noi")
    expect(page.locator("section[data-kind=province] tbody tr:visible")).to_have_count(1)


@pytest.mark.parametrize("name", ["areas", "indicators"])
def test_a_long_list_is_narrowed_by_name(page: Page, built: Path, name: str) -> None:
    page.goto(f"{built.as_uri()}/vi/{name}.html")
    rows = page.locator("main tbody tr:visible")
    before = rows.count()
    page.get_by_label("Lọc theo tên").fill({"areas": "quang", "indicators": "qua han"}[name])
    assert 0 < rows.count() < before
    page.get_by_label("Lọc theo tên").fill("không có tên này")
    assert rows.count() == 0
    assert page.locator("main output").inner_text() == f"0/{before}"


def test_files_of_every_release_are_where_the_page_says(page: Page, server: str) -> None:
    page.goto(f"{server}/vi/data.html")
    links = page.locator("main table a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) > 30
    assert any(f"/{FROZEN}/" in link for link in links)
    for link in {*links, f"{server}/calendar.ics"}:
        assert page.request.head(link).ok, link


def test_notices_and_causes_of_corrections_are_told(page: Page, built: Path, site: Site) -> None:
    page.goto(f"{built.as_uri()}/vi/releases.html")
    page.get_by_role("link", name="Xem đính chính").first.click()
    told = (site.release.folder / "corrections.vi.txt").read_text(encoding="utf-8")
    assert page.locator(f"#notice-{site.release.id} .notice").text_content() == told
    expect(page.locator("section:has(#causes) tbody tr")).to_contain_text("nguồn sửa lại")
    expect(page.locator("section:has(#ahead) tbody tr")).to_have_count(12)
