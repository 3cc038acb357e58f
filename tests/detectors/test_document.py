"""docs/detectors.md is what the declarations say."""

from __future__ import annotations

from pathlib import Path

from transforms.detectors.__main__ import document

FILE = Path(__file__).resolve().parents[2] / "docs" / "detectors.md"


def test_the_document_in_the_repository_is_the_one_that_the_declarations_give() -> None:
    again = "python -m transforms.detectors > docs/detectors.md"
    assert FILE.read_text(encoding="utf-8") == document(), again
