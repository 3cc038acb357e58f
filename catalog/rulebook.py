"""The rulebook: everything declared that a published figure depends on, as one set of files.

A release names its rulebook by the hash of its content. An archived one can be unpacked into a
folder and measured by, in a process of its own whose settings point there (`Settings.
declarations_dir`), so a figure can be worked out again by the rules of its time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from catalog.declarations import declared
from catalog.errors import DeclarationError
from catalog.settings import settings
from catalog.working_days import UNUSUAL_DAYS, unusual_days

Rulebook = dict[str, str]
"""Path below the installed tree -> text."""

SOURCES = "catalog/sources"
KINDS = {".yml", ".yaml", ".csv"}
ELSEWHERE = (
    SOURCES,
    "catalog/samples",
    "catalog/terms.csv",
    "catalog/alphabet.csv",
    "catalog/release_calendar.yml",
    "transforms/dialects",
)
"""Not read below the tree, but from the folder of the settings; or in force before a row is in the
lake, and never again; or only when a release comes out."""


def rulebook() -> Rulebook:
    """The rules in force in this process."""
    found = {path: file.read_text(encoding="utf-8") for path, file in sorted(_files())}
    return {**found, UNUSUAL_DAYS: _unusual_days()}


def _files() -> Iterator[tuple[str, Path]]:
    root = declared("")
    for package in ("catalog", "transforms"):
        for file in (root / package).rglob("*"):
            path = file.relative_to(root).as_posix()
            if file.suffix in KINDS and not path.startswith(ELSEWHERE):
                yield path, file
    for file in settings().sources_dir.glob("*.yml"):
        yield f"{SOURCES}/{file.name}", file


def _unusual_days() -> str:
    """What the package of holidays says: another version of it may say something else."""
    lines = (f"{day},{int(is_worked)}" for day, is_worked in unusual_days().items())
    return "\n".join(["day,is_worked", *lines, ""])


def text_of(rules: Rulebook) -> str:
    """The rulebook as one text, always the same for the same files."""
    return json.dumps(rules, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def id_of(rules: Rulebook) -> str:
    return hashlib.sha256(text_of(rules).encode()).hexdigest()


def parse(text: str, expected: str) -> Rulebook:
    """A rulebook from its text. Raises DeclarationError where it is not the one of that id."""
    if hashlib.sha256(text.encode()).hexdigest() != expected:
        raise DeclarationError(f"rulebook {expected}", "its content was changed")
    found: Rulebook = json.loads(text)
    return found


def unpack(rules: Rulebook, folder: Path) -> dict[str, str]:
    """Write the files below `folder`; returns the environment that makes a process use them."""
    for path, text in rules.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return {
        "MOTCUA_DECLARATIONS_DIR": str(folder),
        "MOTCUA_SOURCES_DIR": str(folder / SOURCES),
    }
