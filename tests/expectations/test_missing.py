"""What each check says of missing values is what it does, and no check can read a clock."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from pydantic import ValidationError

import expectations
from expectations.check import EXAMPLE_NIGHT, FOLDER, Check, check, checks, facts_table
from expectations.engine import build_suite, failing_rows

ROW_CHECKS = {c.check_id: c for c in checks().values() if c.scope == "row"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime", "getmtime"}
CODE = sorted(Path(expectations.__file__).parent.rglob("*.py"))


def refused(
    check: Check, kind: str, rows: list[Any], conform: Callable[..., pa.Table]
) -> list[int]:
    found = failing_rows(build_suite([check], EXAMPLE_NIGHT), conform(kind, rows))
    return found.get(check.check_id, [])


@pytest.mark.parametrize("check_id", ROW_CHECKS)
def test_a_row_without_the_columns_ends_as_declared(
    check_id: str, conform: Callable[..., pa.Table]
) -> None:
    judging = ROW_CHECKS[check_id]
    for kind in judging.records:
        expected = [0] if judging.missing == "fails" else []
        assert refused(judging, kind, [{}], conform) == expected


@pytest.mark.parametrize("missing", ["passes", "not_judged", "fails"])
@pytest.mark.parametrize("check_id", [c for c in ROW_CHECKS if ROW_CHECKS[c].expectation.compared])
def test_a_row_that_lacks_one_compared_column_fails_where_that_is_declared(
    check_id: str, missing: str, conform: Callable[..., pa.Table]
) -> None:
    declared = ROW_CHECKS[check_id].model_dump() | {"missing": missing}
    changed = Check.model_validate(declared)
    [kind, *_] = changed.records
    good = changed.passes[0]
    for column in changed.expectation.compared:
        rows = [{**good, column: None}]
        before = refused(ROW_CHECKS[check_id], kind, rows, conform)
        found = refused(changed, kind, rows, conform)
        assert found == ([0] if missing == "fails" else before)


def test_missing_is_declared_only_where_it_is_done() -> None:
    for other in (check("conflicting_versions"), check("volume_floor")):
        with pytest.raises(ValidationError, match="missing is for row checks"):
            Check.model_validate(other.model_dump() | {"missing": "fails"})


def called(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.stem)
def test_no_code_of_the_checks_asks_what_time_it_is(file: Path) -> None:
    assert CLOCKS.isdisjoint(called(file))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yml")), ids=lambda file: file.stem)
def test_no_check_file_speaks_of_a_clock(file: Path) -> None:
    rule = yaml.safe_dump(yaml.safe_load(file.read_text("utf-8"))["expectation"])
    assert not any(word in rule for word in ("now", "today", "current_"))


def test_a_parameter_that_could_read_a_clock_is_refused() -> None:
    """Great Expectations evaluates ``now()`` in a parameter of its own."""
    hidden = {"column": "received_at", "max_value": {"$PARAMETER": "now()"}}
    expectation = {"type": "expect_column_values_to_be_between", "kwargs": hidden}
    content = check("finished_in_future").model_dump() | {"expectation": expectation}
    with pytest.raises(ValidationError, match=r"no \$PARAMETER"):
        Check.model_validate(content)


def test_a_night_judges_alike_whenever_it_is_run(conform: Callable[..., pa.Table]) -> None:
    future = check("received_in_future")
    [row, *_] = future.fails
    late = EXAMPLE_NIGHT.before.before
    assert failing_rows(build_suite([future], late), conform("dossier", [row]))
    later = EXAMPLE_NIGHT.parse("2100-01-01")
    assert failing_rows(build_suite([future], later), conform("dossier", [row])) == {}


def graded(**thresholds: Any) -> Check:
    content = check("rejected_share").model_dump()
    return Check.model_validate(content | {"thresholds": {"tolerated": thresholds}})


@pytest.mark.parametrize(
    ("thresholds", "facts", "is_refused"),
    [
        ({"usual": 0.2}, {"platform": "soap"}, True),
        ({"usual": 0.2, "of_platform": {"soap": 0.4}}, {"platform": "soap"}, False),
        ({"usual": 0.2, "of_platform": {"soap": 0.4}}, {"platform": "sftp_files"}, True),
        ({"usual": 0.2, "of_size": {"tiny": 0.5}}, {"size": "tiny"}, False),
        ({"usual": 0.2, "of_size": {"tiny": 0.5}}, {"size": "large"}, True),
        ({"usual": 0.5, "of_size": {"large": 0.1}}, {"size": "large"}, True),
    ],
)
def test_a_threshold_holds_for_its_group(
    thresholds: dict[str, Any], facts: dict[str, Any], is_refused: bool
) -> None:
    judging = graded(**thresholds)
    table = facts_table([judging], {**facts, "rejected_share": 0.3})
    assert bool(failing_rows(build_suite([judging], EXAMPLE_NIGHT), table)) == is_refused


@pytest.mark.parametrize(
    "thresholds",
    [{}, {"other": {"usual": 1}},
     {"tolerated": {"usual": 1, "of_size": {"huge": 1}}},
     {"tolerated": {"usual": 1, "of_size": {"tiny": 1}, "of_platform": {"soap": 1}}}],
)  # fmt: skip
def test_thresholds_are_those_that_the_rule_names(thresholds: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"threshold|large"):
        Check.model_validate(check("rejected_share").model_dump() | {"thresholds": thresholds})
