"""A rulebook is all that figures are declared by, kept under the hash of what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.declarations import declared
from catalog.errors import DeclarationError
from catalog.rulebook import Rulebook, id_of, parse, rulebook, text_of, unpack
from catalog.sources import sources
from transforms.indicators import indicators

COUNT = "from catalog.working_days import ordinal; import datetime; " + (
    "print(ordinal(datetime.date(2026, 12, 31)))"
)
ID = "from catalog.rulebook import id_of, rulebook; print(id_of(rulebook()))"


def told(rules: Rulebook, folder: Path, program: str) -> str:
    """What a process says that uses these rules."""
    env = {**os.environ, **unpack(rules, folder)}
    return subprocess.check_output([sys.executable, "-c", program], env=env, text=True).strip()


def test_it_holds_every_declaration_of_a_figure_and_every_source() -> None:
    found = rulebook()
    assert {f"transforms/indicators/{code}.yml" for code in indicators()} <= set(found)
    assert {f"catalog/sources/{name}.yml" for name in sources()} <= set(found)
    parts = ("flags", "views", "detectors", "scores/rules")
    folders = [declared(f"transforms/{part}") for part in parts] + [declared("catalog/codelists")]
    files = [file for folder in folders for file in folder.iterdir() if file.suffix != ".py"]
    kept = {f.relative_to(declared("")).as_posix() for f in files if f.is_file()}
    assert kept <= set(found)
    assert not [path for path in found if path.startswith("transforms/dialects")]


def test_unpacked_it_is_the_same_rulebook_again(tmp_path: Path) -> None:
    assert told(rulebook(), tmp_path, ID) == id_of(rulebook())


def test_the_days_off_come_from_it_and_not_from_the_package(tmp_path: Path) -> None:
    before = int(told(rulebook(), tmp_path / "a", COUNT))
    days = rulebook()["catalog/unusual_days.csv"].replace("2026-04-30,0\n", "")
    changed = {**rulebook(), "catalog/unusual_days.csv": days}
    assert int(told(changed, tmp_path / "b", COUNT)) == before + 1


def test_an_archive_that_was_changed_is_refused() -> None:
    text = text_of(rulebook())
    assert parse(text, id_of(rulebook())) == rulebook()
    with pytest.raises(DeclarationError, match="changed"):
        parse(text.replace("on_time", "in_time", 1), id_of(rulebook()))
