"""docs/score766.md is what the rule sets say, and says all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scores.conftest import BOTH, PORTAL, TEXT
from transforms.scores import Rules, contradictions
from transforms.scores.__main__ import document

FILE = Path(__file__).parents[2] / "docs" / "score766.md"


def section(title: str) -> str:
    _, _, found = document().partition(f"\n## {title}\n")
    return found.partition("\n## ")[0]


def test_the_document_in_the_repository_is_the_one_that_the_rule_sets_give() -> None:
    again = "python -m transforms.scores > docs/score766.md"
    assert FILE.read_text(encoding="utf-8") == document(), again


@pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)
def test_each_rule_set_is_told_whole_in_both_languages(rules: Rules) -> None:
    told = [rules.title_vi, rules.title_en, rules.source_vi, rules.source_en, str(rules.valid_from)]
    for thing in (*rules.groups.values(), *rules.metrics.values(), *rules.bands):
        told += [thing.name_vi, thing.name_en]
    told += [f"`{code}`" for code in (*rules.groups, *rules.metrics)]
    told += [words for question in rules.unknown for words in (question.vi, question.en)]
    assert [words for words in told if words not in section(rules.name)] == []


def test_every_contradiction_is_told_with_its_numbers() -> None:
    rows = [line for line in section("text_2022 ≠ portal_2026").splitlines() if "`" in line]
    found = contradictions(TEXT, PORTAL)
    assert len(rows) == len(found)
    for row, contradiction in zip(rows, found, strict=True):
        assert f"`{contradiction.code}`" in row
        assert all(str(points) in row for points in contradiction.points if points is not None)


def test_no_line_of_a_table_has_cells_more_or_fewer_than_its_head() -> None:
    head = 0
    for line in document().splitlines():
        cells = line.count("|") if line.startswith("|") else 0
        assert not (head and cells) or cells == head
        head = cells
