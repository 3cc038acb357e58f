"""Everybody can read the pages: axe in both colour schemes, a phone, and what a page weighs."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

KINDS = (
    "index", "areas", "area/H26", "indicators", "indicator/on_time_rate", "ranking",
    "compare", "releases", "data", "methods",
)  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"

CONTRASTS = """tiles => tiles.map(tile => {
  const light = element => {
    const fill = getComputedStyle(element).fill.match(/[\\d.]+/g).slice(0, 3)
    const linear = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    const [r, g, b] = fill.map(part => linear(part / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const both = ['rect', 'text'].map(name => light(tile.querySelector(name))).sort((a, b) => b - a)
  return (both[0] + 0.05) / (both[1] + 0.05)
})"""


def serious(page: Page) -> dict[str, list[str]]:
    """What axe finds to be serious, by its rule."""
    found = Axe().run(page, options=RULES).response["violations"]
    return {
        problem["id"]: [node["html"][:160] for node in problem["nodes"][:5]]
        for problem in found
        if problem["impact"] in ("serious", "critical")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious_in_either_scheme(page: Page, server: str, kind: str) -> None:
    page.goto(f"{server}/vi/{kind}.html")
    page.evaluate(OPEN)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert serious(page) == {}, scheme


def test_axe_would_find_it(page: Page, server: str) -> None:
    page.goto(f"{server}/vi/methods.html")
    page.add_style_tag(content="main p { color: #bbb }")
    assert list(serious(page)) == ["color-contrast"]


def test_the_texts_of_the_map_stand_out_from_their_tiles(page: Page, server: str) -> None:
    """Axe does not see what is drawn behind a text within SVG."""
    page.goto(f"{server}/vi/index.html")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = page.locator(".tiles a").evaluate_all(CONTRASTS)
        assert len(found) >= 36
        assert min(found) >= 4.5


def test_a_phone_shows_each_page_without_scrolling_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for kind in KINDS:
        page.goto(f"{server}/vi/{kind}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, kind


def test_a_page_with_all_it_loads_is_light(page: Page, server: str) -> None:
    weights: list[int] = []
    page.on("response", lambda response: weights.append(len(response.body())))
    for kind in KINDS:
        weights.clear()
        page.goto(f"{server}/vi/{kind}.html", wait_until="networkidle")
        assert len(weights) >= 3
        assert sum(weights) < 300_000, kind
