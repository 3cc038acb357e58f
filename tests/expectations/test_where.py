"""The condition language, operator by operator, and what a missing value does to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from expectations.where import OPERATORS, Clause, meets

NOON = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(milliseconds=700)
FRAME = pa.table(
    {
        "word": ["online", "", None],
        "flag": [True, False, None],
        "at": pa.array([NOON, LATER, None], pa.timestamp("us", "UTC")),
        "other_at": pa.array([LATER, NOON, NOON], pa.timestamp("us", "UTC")),
        "count": pa.array([1, 2, None], pa.int32()),
    }
).to_pandas()


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"word": {"missing": True}}, [False, True, True]),
        ({"word": {"missing": False}}, [True, False, False]),
        ({"at": {"missing": True}}, [False, False, True]),
        ({"count": {"missing": True}}, [False, False, True]),
        ({"word": {"in": ["online"]}}, [True, False, False]),
        ({"word": {"not_in": ["online"]}}, [False, True, False]),
        ({"flag": {"in": [True]}}, [True, False, False]),
        ({"word": {"matches": "line$"}}, [True, False, False]),
        ({"count": {"less_than": 2}}, [True, False, False]),
        ({"count": {"more_than": 1}}, [False, True, False]),
        ({"count": {"at_least": 1}}, [True, True, False]),
        ({"at": {"less_than": {"column": "other_at"}}}, [True, False, False]),
        ({"at": {"at_least": "2026-10-01T19:00:00.7+07:00"}}, [False, True, False]),
        ({"at": {"same_second_as": {"column": "other_at"}}}, [True, True, False]),
        ({"count": {"at_least": 1, "less_than": 2}}, [True, False, False]),
        ({"flag": {"in": [True]}, "word": {"missing": True}}, [False, False, False]),
    ],
    ids=str,
)
def test_rows_meet_a_condition(where: dict[str, Any], expected: list[bool]) -> None:
    assert meets(FRAME, where).tolist() == expected


def test_every_operator_that_a_file_may_use_is_evaluated() -> None:
    assert {field.alias or name for name, field in Clause.model_fields.items()} == set(OPERATORS)
