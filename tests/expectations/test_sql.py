"""A check's SQL form refuses the rows that Great Expectations refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.records import records
from expectations.check import EXAMPLE_NIGHT, Check, check, checks
from expectations.engine import build_suite, failing_rows
from expectations.sql import TEMPLATES, condition, judged
from expectations.where import OPERATORS

CUTOFF = f"TIMESTAMPTZ '{EXAMPLE_NIGHT.cutoff.isoformat()}'"
BY_ROW = [
    pytest.param(check, kind, id=f"{check.check_id}-{kind}")
    for check in checks().values()
    for kind in check.records
]
SPECIAL = {
    "sequence": {"dossier_code": {"matches": "-[0-9]{5}$", "missing": False}},
    "flags": {"is_placeholder_applicant": {"in": [True]}, "channel": {"not_in": ["it's"]}},
    "times": {"received_at": {"at_least": "2026-10-15T08:00:00.5+07:00"}},
    "no time": {"received_at": {"missing": False, "less_than": {"column": "finished_at"}}},
    "second": {"finished_at": {"same_second_as": {"column": "received_at"}}},
    "cutoff": {"received_at": {"less_than": {"cutoff": None}}, "channel": {"missing": True}},
}  # fmt: skip


def by_query(check: Check, kind: str, table: pa.Table) -> list[int]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("batch", table.append_column("n", pa.array(range(table.num_rows))))
        text = condition(check, records()[kind], CUTOFF)
        found = connection.sql(f"SELECT n FROM (SELECT n, {text} AS fails FROM batch) WHERE fails")
        return sorted(n for (n,) in found.fetchall())


def by_engine(check: Check, table: pa.Table) -> list[int]:
    return sorted(failing_rows(build_suite([check], EXAMPLE_NIGHT), table).get(check.check_id, []))


@pytest.mark.parametrize(("check", "kind"), BY_ROW)
def test_examples_end_alike(check: Check, kind: str, conform: Callable[..., pa.Table]) -> None:
    examples: list[list[dict[str, Any]]] = [check.passes, check.fails, [{}]]
    for rows in examples:
        table = conform(kind, rows)
        assert by_query(check, kind, table) == by_engine(check, table)


def stamped(base: Check, where: dict[str, Any], missing: str) -> Check:
    expectation = {"type": "expect_no_row_where", "kwargs": {"where": where}}
    changes = {"expectation": expectation, "missing": missing}
    return Check.model_validate({**base.model_dump(), **changes})


TIMES = st.none() | st.datetimes(
    dt.datetime(2026, 10, 14), dt.datetime(2026, 10, 16), timezones=st.just(dt.UTC)
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "dossier_code": st.sampled_from([None, "", "x-12345", "x-1234"]),
            "channel": st.sampled_from([None, "", "online", "it's"]),
            "is_placeholder_applicant": st.none() | st.booleans(),
            "received_at": TIMES,
            "finished_at": TIMES | st.just(dt.datetime(2026, 10, 15, 1, 0, 0, 5, dt.UTC)),
        }
    ),
    max_size=10,
)


@settings(max_examples=10, deadline=None)
@given(ROWS)
@pytest.mark.parametrize("missing", ["passes", "fails", "not_judged"])
@pytest.mark.parametrize("where", SPECIAL.values(), ids=SPECIAL)
def test_every_operator_means_the_same(
    conform: Callable[..., pa.Table], where: dict[str, Any], missing: str, rows: list[Any]
) -> None:
    changed = stamped(check("finished_in_future"), where, missing)
    table = conform("dossier", rows)
    assert by_query(changed, "dossier", table) == by_engine(changed, table)


def test_every_operator_has_an_sql_form() -> None:
    assert {*TEMPLATES, "missing"} == OPERATORS.keys()


def test_a_type_of_great_expectations_own_has_no_sql_form() -> None:
    kwargs = {"column": "channel"}
    expectation = {"type": "expect_column_values_to_not_be_null", "kwargs": kwargs}
    changes = {"expectation": expectation, "missing": "passes"}
    native = Check.model_validate({**check("finished_in_future").model_dump(), **changes})
    assert condition(native, records()["dossier"], CUTOFF) is None


def test_what_lacks_a_compared_value_is_not_judged() -> None:
    text = judged(check("finished_before_received"), records()["dossier"])
    assert text == "NOT (finished_at IS NULL) AND NOT (received_at IS NULL)"
    assert judged(check("finished_in_future"), records()["dossier"]) == "true"
