"""An indicator's page tells what Decision 766 makes of it, and where its rule sets contradict."""

from __future__ import annotations

import pytest

from tests.scores.conftest import BOTH, PORTAL, TEXT
from transforms.indicators import indicators
from transforms.indicators.__main__ import document
from transforms.scores import Rules, contradictions
from transforms.scores.on_page import on_page

DIGITISED = "digitised_with_result_share"


def section(code: str) -> str:
    _, _, found = document().partition(f"\n## {code}\n")
    return found.partition("\n## ")[0]


def test_the_page_gives_number_points_method_and_0_over_0_of_each_rule_set_with_its_date() -> None:
    lines = [line for line in section(DIGITISED).splitlines() if "Decision 766**" in line]
    assert len(lines) == 2
    text, portal = lines
    for words in ("`text_2022` (2022-06-23)", "4.2", "at most 4", "threshold 80 %", "left out"):
        assert words in text
    for words in ("`portal_2026` (2026-01-01)", "4.2", "at most 4", "linear", "left out"):
        assert words in portal


def test_a_contradiction_stands_on_the_page_with_the_numbers_that_were_seen() -> None:
    [line] = [line for line in section(DIGITISED).splitlines() if "contradict" in line]
    assert "21.12 %: `text_2022` 1.06" in line
    assert "≠ `portal_2026` 0.84" in line


def test_every_contradiction_of_the_rule_sets_stands_on_some_page() -> None:
    pages = document()
    for found in contradictions(TEXT, PORTAL):
        line = f"contradict one another**, `{found.code}`"
        assert line in pages, found.code
        shown = [points for points in found.points if points is not None]
        told = next(one for one in pages.splitlines() if line in one)
        assert all(str(points) in told for points in shown)


@pytest.mark.parametrize("rules", BOTH, ids=lambda rules: rules.name)
def test_every_metric_of_a_rule_set_is_on_a_page(rules: Rules) -> None:
    told = "\n".join(line for one in indicators().values() for line in on_page(one))
    by_rules = [line for line in told.splitlines() if f"`{rules.name}` (" in line]
    assert [c for c in rules.metrics if not any(f"`{c}`" in line for line in by_rules)] == []


def test_the_portals_own_figure_and_why_it_may_differ_stand_on_the_page() -> None:
    official = {code: one for code, one in indicators().items() if one.official}
    assert len(official) >= 10
    for code, one in official.items():
        page = section(code)
        assert one.differs
        assert f"`{one.official}`" in page
        assert one.differs.vi in page
        assert one.differs.en in page
        twin = next(i.code for i in indicators().values() if i.figure == one.official)
        assert f"(#{twin})" in page


def test_what_the_decision_does_not_know_says_nothing_of_it() -> None:
    assert list(on_page(indicators()["pending_count"])) == []
