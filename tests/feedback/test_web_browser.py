"""A real browser sends the forms: where it says that they come from is taken for ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from feedback.web import application
from motcua.web import desk
from tests.extractors.conftest import serving
from tests.feedback import test_web_answers as answers
from tests.feedback.answering import home, kept, now, stands_behind, to
from tests.feedback.trying import as_csv, rows
from tests.publication.browser.conftest import browser

__all__ = ["browser", "home", "kept"]


@pytest.fixture(scope="module")
def url(home: None) -> Iterator[str]:
    with serving(application(desk(), stands_behind())) as address:
        yield address


def test_a_person_follows_the_link_of_the_page_and_answers(url: str, browser: Browser) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(f"{url}{to('page')}")
    page.goto(f"{url}{to('acknowledge')}")
    page.get_by_label("Người trả lời").fill(answers.BY)
    page.get_by_label("Đến hết ngày").fill("2026-10-20")
    page.get_by_role("button").click()
    assert page.get_by_role("heading", name="Đã ghi nhận: Đã nhận, sẽ sửa").is_visible()
    assert (now().state, now().by) == ("acknowledged", answers.BY)
    page.close()


def test_a_person_tries_a_file(url: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(url)
    page.get_by_label("Hệ thống nguồn").select_option("tha_tep")
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": as_csv(rows())}
    page.get_by_label("Tệp").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Kiểm tra", exact=True).click()
    assert page.get_by_text("Theo quy tắc").is_visible()
    page.close()
