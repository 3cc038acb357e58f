"""docs/platforms.md says for every platform how it is tested: that it is so, and stays so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from extractors.platforms import names

TESTS = Path(__file__).parent
DOCUMENT = (TESTS.parents[1] / "docs" / "platforms.md").read_text(encoding="utf-8")
CASES = [
    "normal night",
    "resume after a broken page",
    "session ends in the middle",
    "throttling",
    "schema drift",
    "truncated",
    "XML bomb",
    "zip bomb",
    "formula cells",
    "wrong encoding declared",
    "path traversal",
    "1 GB page",
]
ROW = re.compile(r"^\| (?P<case>[^|`]+) \| (?P<told>.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("platform", names())
def test_every_platform_has_a_section_that_says_how_each_case_is_tested(platform: str) -> None:
    rows = [row for row in ROW.finditer(SECTIONS[platform]) if row["case"] in CASES]
    assert [row["case"] for row in rows] == CASES
    for row in rows:
        reason = row["told"].startswith("cannot occur: ")
        assert reason or NAMED.findall(row["told"]), f"{row['case']}: neither a test nor a reason"


def test_a_section_is_about_a_platform_that_there_is() -> None:
    tabled = {name for name, text in SECTIONS.items() if "| normal night |" in text}
    assert tabled == set(names())


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED.findall(DOCUMENT))))
def test_every_test_that_is_named_exists(file: str, test: str) -> None:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_no_test_is_named_in_a_way_that_is_not_looked_at() -> None:
    assert DOCUMENT.count("::test_") == len(NAMED.findall(DOCUMENT))
