"""The runbooks: one for every class of error, and each says the same four things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.incidents import HELD, NOT_ARRIVED
from catalog.settings import settings
from pipeline.operators.standing import ERRORS, error_of, runbook

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(file for file in (ROOT / "docs/runbooks").glob("*.md") if file.name != "README.md")
SECTIONS = ["What it means", "How to see it", "What to do", "When to call whom"]


def test_every_class_of_error_has_a_runbook_and_every_runbook_a_class() -> None:
    assert {file.stem for file in PAGES} == ERRORS | {HELD, NOT_ARRIVED}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_runbook_says_what_it_means_how_to_see_it_what_to_do_and_whom_to_call(
    file: Path,
) -> None:
    assert (
        re.findall(r"^\*\*(.+)\.\*\*", file.read_text(encoding="utf-8"), re.MULTILINE) == SECTIONS
    )


@pytest.mark.parametrize("page", sorted(ERRORS | {HELD, NOT_ARRIVED}))
def test_the_digests_link_to_a_runbook_leads_somewhere(page: str) -> None:
    assert settings().runbooks_url == "docs/runbooks"
    assert (ROOT / runbook(page)).is_file()


def test_a_command_in_a_runbook_is_one_that_exists() -> None:
    from typer.main import get_command

    from motcua import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = {
        word for file in PAGES for word in re.findall(r"`motcua ([a-z0-9-]+)", file.read_text())
    }
    assert len(named) > 5
    assert named - known == set()


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_the_class_is_read_off_what_the_ledger_says(name: str) -> None:
    assert error_of(f"{name}: source hue: 503: no answer") == name


@pytest.mark.parametrize("problem", ["", "source hue: 503", "ValueError: no", "errors: no"])
def test_what_names_no_class_of_ours_is_an_error_without_one(problem: str) -> None:
    assert error_of(problem) == "MotcuaError"
