"""Every check file, through Great Expectations: its `passes` are accepted, its `fails` refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from catalog.errors import DeclarationError
from expectations.check import EXAMPLE_NIGHT, FOLDER, Check, check, checks, facts_table
from expectations.engine import build_suite, failing_rows

EACH = [
    pytest.param(check, kind, id=f"{check.check_id}-{kind or 'batch'}")
    for check in checks().values()
    for kind in check.records or [""]
]


@pytest.mark.parametrize(("check", "kind"), EACH)
def test_passes_are_accepted_and_fails_refused(
    check: Check, kind: str, conform: Callable[..., pa.Table]
) -> None:
    suite = build_suite([check], EXAMPLE_NIGHT)

    def refused(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
        return failing_rows(suite, conform(kind, rows) if kind else facts_table([check], *rows))

    assert refused(check.passes) == {}
    assert refused(check.fails) == {check.check_id: list(range(len(check.fails)))}


@pytest.mark.parametrize("check", checks().values(), ids=checks())
def test_texts_are_written_and_composed(check: Check) -> None:
    for text in (check.title_vi, check.title_en, check.why_vi, check.fix_vi):
        assert text.strip()
        assert unicodedata.is_normalized("NFC", text)


def test_the_six_impossible_rows_are_refused() -> None:
    six = [
        "information_level_filed_online",
        "received_at_missing",
        "finished_without_finished_at",
        "received_in_future",
        "finished_in_future",
        "finished_before_received",
    ]
    assert {check(check_id).severity for check_id in six} == {"error"}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"fails": []}, "fails"),
        ({"fails": None}, "fails"),
        ({"sevrity": "error"}, "sevrity"),
        ({"severity": "fatal"}, "severity"),
        ({"records": ["dosier"]}, "no such record kind"),
        ({"records": []}, "names its record kinds"),
        ({"problem": "{received} rows"}, "a row check has none"),
        ({"fails": [{"finnished_at": None}]}, "no such column: finnished_at"),
        ({"expectation": {"type": "expect_no_row_where", "kwargs": {}}}, "names no column"),
        ({"where": {"finished": {"missing": True}}}, "no such column: finished"),
        ({"where": {"finished_at": {"mising": True}}}, "mising"),
        ({"where": {"finished_at": {"less_than": {"column": "x_at"}}}}, "no such column: x_at"),
    ],
)
def test_an_unfinished_check_does_not_load(
    tmp_path: Path, changes: dict[str, Any], complaint: str
) -> None:
    content = yaml.safe_load((FOLDER / "finished_without_finished_at.yml").read_text("utf-8"))
    if "where" in changes:
        kwargs = {"where": changes["where"]}
        changes = {"expectation": {"type": "expect_no_row_where", "kwargs": kwargs}}
    (tmp_path / "broken.yml").write_text(yaml.safe_dump({**content, **changes}), "utf-8")
    with pytest.raises(DeclarationError, match=complaint) as raised:
        checks(tmp_path)
    assert "broken.yml" in str(raised.value)


def test_a_batch_check_reports_only_known_facts(tmp_path: Path) -> None:
    content = yaml.safe_load((FOLDER / "volume_floor.yml").read_text("utf-8"))
    broken = yaml.safe_dump({**content, "problem": "{recieved} rows"})
    (tmp_path / "broken.yml").write_text(broken, "utf-8")
    with pytest.raises(DeclarationError, match="no such fact: recieved"):
        checks(tmp_path)


def test_an_unknown_check_is_named() -> None:
    with pytest.raises(DeclarationError, match=r"no_such_check\.yml"):
        check("no_such_check")
