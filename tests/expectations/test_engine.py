"""The way through Great Expectations: its own types work, ours agree with them, nothing is lost."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import DeclarationError
from catalog.night import Night
from expectations.check import Check, check
from expectations.engine import build_suite, failing_rows

NIGHT = Night.parse("2026-10-15")
COLUMNS = pa.schema(
    [
        ("status", pa.string()),
        ("channel", pa.string()),
        ("received_at", pa.timestamp("us", "UTC")),
        ("finished_at", pa.timestamp("us", "UTC")),
    ]
)


def ruled(check_id: str, type_: str, **kwargs: Any) -> Check:
    """A check like `finished_in_future` but for its expectation."""
    expectation = {"type": type_, "kwargs": kwargs}
    changes = {"check_id": check_id, "expectation": expectation}
    return Check.model_validate({**check("finished_in_future").model_dump(), **changes})


FINISHED = {"type": "or", "conditions": [
    {"type": "comparison", "column": {"name": "status"}, "operator": "==", "parameter": word}
    for word in ("finished", "returned")
]}  # fmt: skip
PAIRS = [
    (
        ruled("o1", "expect_no_row_where", where={"channel": {"not_in": {"codes": "channel"}}}),
        ruled("n1", "expect_column_values_to_be_in_set", column="channel",
              value_set={"codes": "channel"}),
    ),
    (
        ruled("o2", "expect_no_row_where", where={"status": {"in": ["finished", "returned"]},
                                                  "finished_at": {"missing": True}}),
        ruled("n2", "expect_column_values_to_not_be_null", column="finished_at",
              row_condition=FINISHED),
    ),
    (
        ruled("o3", "expect_no_row_where",
              where={"finished_at": {"less_than": {"column": "received_at"}}}),
        ruled("n3", "expect_column_pair_values_a_to_be_greater_than_b", column_A="finished_at",
              column_B="received_at", or_equal=True, ignore_row_if="either_value_is_missing"),
    ),
]  # fmt: skip

times = st.none() | st.datetimes(
    dt.datetime(2026, 10, 1), dt.datetime(2026, 10, 4), timezones=st.just(dt.UTC)
)
rows = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["finished", "returned", "processing"]),
        "channel": st.sampled_from(["online", "postal", "fax", None]),
        "received_at": times,
        "finished_at": times,
    }
)


@pytest.mark.filterwarnings("ignore:.*values:DeprecationWarning")  # GX's own, of pandas 3.1
@settings(max_examples=15, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8))
def test_our_rule_refuses_the_rows_that_the_native_expectation_refuses(
    given_rows: list[dict[str, Any]],
) -> None:
    suite = build_suite([check for pair in PAIRS for check in pair], NIGHT)
    failing = failing_rows(suite, pa.Table.from_pylist(given_rows, COLUMNS))
    for ours, native in PAIRS:
        assert failing.get(ours.check_id) == failing.get(native.check_id)


def test_a_row_condition_names_columns_too() -> None:
    assert PAIRS[1][1].expectation.columns == {"status", "finished_at"}


def test_every_failing_row_is_listed_not_a_sample(conform: Callable[..., pa.Table]) -> None:
    table = conform("dossier", [{"status": "finished", "channel": "fax"}] * 5000)
    suite = build_suite([check("finished_without_finished_at"), PAIRS[0][1]], NIGHT)
    everything = list(range(5000))
    assert failing_rows(suite, table) == {
        "finished_without_finished_at": everything,
        "n1": everything,
    }


def test_an_empty_table_fails_nothing(conform: Callable[..., pa.Table]) -> None:
    suite = build_suite([check("finished_before_received"), check("conflicting_versions")], NIGHT)
    assert failing_rows(suite, conform("dossier", [])) == {}


def test_an_unknown_expectation_is_a_declaration_error() -> None:
    unheard = ruled("unheard", "expect_the_unexpected", column="status")
    with pytest.raises(DeclarationError, match=r"unheard\.yml"):
        build_suite([unheard], NIGHT)


def test_wrong_arguments_are_a_declaration_error() -> None:
    wrong = ruled("wrong", "expect_column_values_to_be_in_set", column="status", value_sett=["x"])
    with pytest.raises(DeclarationError, match=r"wrong\.yml"):
        build_suite([wrong], NIGHT)


@pytest.mark.parametrize(
    "unfit",
    [
        ruled("unfit", "expect_no_row_where", where={"finished_at": {"matches": "x"}}),
        ruled("unfit", "expect_column_to_exist", column="received_on"),
    ],
    ids=["raises", "about the table"],
)
def test_a_check_that_cannot_be_evaluated_is_never_a_pass(unfit: Check) -> None:
    table = pa.Table.from_pylist(
        [{"finished_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}], COLUMNS
    )
    with pytest.raises(DeclarationError, match=r"unfit\.yml: cannot be evaluated"):
        failing_rows(build_suite([unfit], NIGHT), table)


def test_nothing_slow_is_imported_before_the_first_judgement() -> None:
    slow = "{'great_expectations', 'pandas'} & sys.modules.keys()"
    command = f"import sys, expectations.check; expectations.check.checks(); sys.exit(len({slow}))"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
