"""docs/indicators.md is what the declarations say, and says all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.indicators import Indicator, indicators
from transforms.indicators.__main__ import document
from transforms.indicators.expressions import flags
from transforms.indicators.views import views

FILE = Path(__file__).resolve().parents[2] / "docs" / "indicators.md"


def test_the_document_in_the_repository_is_the_one_that_the_declarations_give() -> None:
    again = "python -m transforms.indicators > docs/indicators.md"
    assert FILE.read_text(encoding="utf-8") == document(), again


@pytest.mark.parametrize("indicator", indicators().values(), ids=list(indicators()))
def test_each_indicator_is_told_in_both_languages_with_its_law_and_its_words(
    indicator: Indicator,
) -> None:
    _, _, section = document().partition(f"\n## {indicator.code}\n")
    section, _, _ = section.partition("\n## ")
    told = [indicator.name_vi, indicator.name_en, indicator.legal_basis, *indicator.streams]
    for text in (indicator.formula, indicator.still_open, indicator.missing):
        told += [text.vi, text.en]
    told += [indicator.figure] if indicator.figure else [indicator.numerator, indicator.population]
    assert [words for words in told if words not in section] == []


def test_every_named_part_of_a_formula_is_explained() -> None:
    _, _, words = document().partition("Words of the formulas")
    named = [*(n for known in flags().values() for n in known.flags), *views()]
    assert [name for name in named if f"| `{name}` |" not in words] == []


def test_no_line_of_a_table_has_cells_more_or_fewer_than_its_head() -> None:
    widths: dict[int, int] = {}
    head = 0
    for number, line in enumerate(document().splitlines()):
        head = (head or number) if line.startswith("|") else 0
        if head:
            assert widths.setdefault(head, line.count(" | ")) == line.count(" | ") or set(line) <= {
                "|",
                "-",
            }
    assert len(widths) == 2 + len(flags())
