"""A real browser over the small site: opened from disk, and from a server on loopback."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.publication.site.conftest import built, site

__all__ = ["built", "site"]
CHROMIUM = shutil.which("chromium")
QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module. It ends with the module: while it lives no other event loop can
    run in this thread."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The site served as it lies, beside the releases."""
    handler = functools.partial(_Silent, directory=str(built.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as started:
        threading.Thread(target=started.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{started.server_port}/site"
        started.shutdown()


@pytest.fixture(params=["from disk", "from a server"])
def address(request: pytest.FixtureRequest, built: Path) -> str:
    """Where the site's own folder is opened."""
    if request.param == "from disk":
        return built.as_uri()
    return str(request.getfixturevalue("server"))


@pytest.fixture
def page(browser: Browser, built: Path) -> Iterator[Page]:
    """A page of a new reader. When it closes, nothing may have been asked of anybody else, and the
    console must have stayed empty."""
    context = browser.new_context(locale="vi-VN")
    opened = context.new_page()
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.set_default_timeout(5_000)
    yield opened
    context.close()
    assert not [url for url in asked if not url.startswith(("file://", "http://127.0.0.1:"))]
    assert not said
