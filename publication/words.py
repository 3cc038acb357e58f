"""Every text of pages and bulletins in both languages: ``words/<part>.yml``, one key a text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from catalog.declarations import Declaration, load_content
from catalog.errors import DeclarationError
from catalog.written import Language

FOLDER = Path(__file__).with_name("words")


class Text(Declaration):
    """One text in both languages; ``{name}`` stands for what is filled in."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


@cache
def words() -> dict[str, Text]:
    """Every text by ``<part>.<key>``. Raises DeclarationError naming the file that is wrong."""
    files = sorted(FOLDER.glob("*.yml"))
    if not files:
        raise DeclarationError(str(FOLDER), "no *.yml file here")
    return {f"{file.stem}.{key}": text for file in files for key, text in _texts(file).items()}


def say(key: str, language: Language, **filled: Any) -> str:
    """The text `key` (``home.title``) in a language. Raises KeyError where there is none."""
    text: str = getattr(words()[key], language)
    return text.format(**filled) if filled else text


def _texts(file: Path) -> dict[str, Text]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {key: load_content(f"{file}: {key}", Text, text) for key, text in content.items()}
