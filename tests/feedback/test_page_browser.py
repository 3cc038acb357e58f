"""The page of a province in a real browser, served as a signed link serves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from feedback.page import html
from feedback.page.rendering import STYLE
from feedback.web.guard import Guard
from tests.feedback import paged
from tests.feedback.letters import web_server
from tests.publication.browser.conftest import browser
from tests.publication.browser.test_access import OPEN, SCHEMES, serious

__all__ = ["browser"]
WIDE = "[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > innerWidth).length"


def served(request: Request) -> HTMLResponse:
    made = paged.empty() if "empty" in request.url.path else paged.page()
    return HTMLResponse(html(made, paged.links()))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The pages behind the policy that holds for all of them."""
    style = Route("/style.css", lambda _: FileResponse(STYLE, media_type="text/css"))
    app = Starlette(routes=[style, Route("/p/full", served), Route("/p/empty", served)])
    with web_server(Guard(app, web_url="http://127.0.0.1")) as address:
        yield address


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page of a new reader; the console must stay empty."""
    context = browser.new_context(locale="vi-VN")
    opened, said = context.new_page(), []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.set_default_timeout(5_000)
    yield opened
    context.close()
    assert not [text for text in said if "favicon" not in text]


@pytest.mark.parametrize("name", ["full", "empty"])
def test_axe_finds_nothing_serious_in_either_scheme(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/p/{name}")
    page.evaluate(OPEN)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert serious(page) == {}, scheme


def test_a_phone_shows_all_of_it_without_scrolling_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{server}/p/full")
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_schemes_differ_and_the_style_is_loaded(page: Page, server: str) -> None:
    page.goto(f"{server}/p/full")
    colours = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(18, 23, 28)"]


def test_numbers_and_remedies_can_be_opened_without_a_mouse(page: Page, server: str) -> None:
    page.goto(f"{server}/p/full")
    table = page.locator("#card ~ details table")
    assert not table.is_visible()
    page.locator("#card ~ details summary").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 31


def test_on_paper_it_is_dark_on_white_and_offers_nothing_to_click(page: Page, server: str) -> None:
    page.goto(f"{server}/p/full")
    page.emulate_media(media="print", color_scheme="dark")
    style = "getComputedStyle(document.body)"
    assert page.evaluate(f"[{style}.color, {style}.backgroundColor]") == [
        "rgb(0, 0, 0)", "rgb(255, 255, 255)",
    ]  # fmt: skip
    assert page.locator(".button:visible, summary:visible").count() == 0
    assert page.locator(".rule:visible").count() == 4
    assert page.evaluate(WIDE) == 0
