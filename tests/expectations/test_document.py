"""docs/checks.md is what the declarations say."""

from __future__ import annotations

from pathlib import Path

from expectations.__main__ import DIMENSIONS, MISSING, RESPONSIBILITIES, SEVERITIES, document
from expectations.check import Check

FILE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
WORDS = {
    "severity": SEVERITIES,
    "responsibility": RESPONSIBILITIES,
    "dimension": DIMENSIONS,
    "missing": MISSING,
}


def test_the_document_in_the_repository_is_the_one_that_the_declarations_give() -> None:
    again = "python -m expectations > docs/checks.md"
    assert FILE.read_text(encoding="utf-8") == document(), again


def test_every_word_that_a_check_may_use_is_explained() -> None:
    for name, words in WORDS.items():
        annotation = Check.model_fields[name].annotation
        assert annotation is not None
        assert set(annotation.__args__) == set(words)
