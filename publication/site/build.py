"""Building the site: every page of every language into one folder."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalog import written
from catalog.written import LANGUAGES, Language
from publication.names import area_name, code_name
from publication.site import pages as found_pages
from publication.site.model import Page, Site
from publication.words import say

HERE = Path(__file__).parent


def build(site: Site, folder: Path) -> list[Path]:
    """Write the site into `folder`, which is emptied first, and return the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "assets", folder / "assets")
    for module in _modules():
        for file in getattr(module, "files", _none)(site):
            _put(folder / file.path, file.content)
    return [
        _put(folder / language / page.path, _render(site, page, language))
        for language in LANGUAGES
        for module in _modules()
        for page in module.pages(site, language)
    ]


def _modules() -> Iterator[ModuleType]:
    for found in sorted(pkgutil.iter_modules(found_pages.__path__), key=lambda m: m.name):
        yield importlib.import_module(f"{found_pages.__name__}.{found.name}")


def _none(site: Site) -> tuple[()]:
    return ()


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _render(site: Site, page: Page, language: Language) -> bytes:
    text = environment(language).get_template(page.template).render(
        site=site, release=site.release, language=language, **where(page, language), **page.content
    )  # fmt: skip
    return text.encode()


def where(page: Page, language: Language) -> dict[str, str]:
    """How a page reaches others: `home`, the folder of its language; `root`, that of the site;
    `published`, that of the releases; `here`, itself below its language; `other`, itself in the
    other language."""
    up = "../" * page.path.count("/")
    second = next(other for other in LANGUAGES if other != language)
    root = f"{up}../"
    return {
        "home": up,
        "root": root,
        "published": f"{root}../",
        "here": page.path,
        "second": second,
        "other": f"{root}{second}/{page.path}",
    }


_environments: dict[Language, Environment] = {}


def environment(language: Language) -> Environment:
    """What templates know: ``say(key)``, and the functions of `catalog.written` and
    `publication.names` in this language."""
    if language not in _environments:
        made = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals |= _globals(language)
        _environments[language] = made
    return _environments[language]


def _globals(language: Language) -> dict[str, Any]:
    known = (written.value, written.count, written.share, written.change, written.period)
    return {
        "written": {f.__name__: partial(f, language=language) for f in (*known, written.day)},
        "say": partial(say, language=language),
        "area_name": partial(area_name, language=language),
        "code_name": partial(code_name, language=language),
        "svg": Markup,
    }
