"""The rulebooks that releases were made by, each kept once under the hash of its content."""

from __future__ import annotations

import os

from catalog.errors import DeclarationError
from catalog.rulebook import Rulebook, id_of, parse, rulebook, text_of
from catalog.settings import settings


def archive() -> str:
    """Keep the rules in force; returns their id. Archiving them again changes nothing."""
    rules = rulebook()
    name = id_of(rules)
    path = settings().rulebooks_dir / f"{name}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_text(text_of(rules), encoding="utf-8")
        partial.replace(path)
    return name


def archived(name: str) -> Rulebook:
    """The rulebook of that id. Raises DeclarationError where it is not there, or was changed."""
    path = settings().rulebooks_dir / f"{name}.json"
    if not path.is_file():
        raise DeclarationError(str(path), "no such rulebook")
    return parse(path.read_text(encoding="utf-8"), name)
