"""The counting queries against plain Python, and the laws that counts obey."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.night import Night, local_date
from catalog.records import records
from transforms.indicators import MEASURE_SCHEMA, indicators, measure
from transforms.indicators.counts import axes

NIGHT = Night.parse("2026-11-22")
Row = dict[str, Any]
Measured = Callable[[list[Row]], pa.Table]
Key = tuple[str, str, str | None, dt.date]
HOURS = st.integers(0, 24 * 60).map(
    lambda hours: dt.datetime(2026, 9, 29, 11, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
)
DAYS = {"received_at": "received_on", "finished_at": "finished_on", "returned_at": "returned_on"}


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.none()


def code(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(codelists.codes(name)))


DOSSIER = st.fixed_dictionaries(
    {
        "area_code": st.sampled_from(["H26", "G03"]),
        "agency_code": st.sampled_from(["A.01", "A.02"]),
        "status": code("status"),
        **{
            name: maybe(HOURS)
            for name in (
                *("received_at", "due_at", "finished_at", "returned_at", "rejected_at"),
                *("supplement_requested_at", "supplement_received_at"),
            )
        },
        **{n: maybe(code(n)) for n in ("channel", "service_level", "result_delivery", "payment")},
        "bundle": maybe(code("bundle")),
        "parent_code": maybe(st.just("A.01-260929-0001")),
        "supplement_count": maybe(st.integers(0, 2)),
        "fee_amount": maybe(st.sampled_from([0, 50000])),
        "has_digitised_component": maybe(st.booleans()),
        "has_electronic_result": maybe(st.booleans()),
    }
)
DOSSIERS = st.lists(DOSSIER, max_size=30)


def table(rows: list[Row]) -> pa.Table:
    columns = records()["dossier"].columns
    days = [{on: row[at] and local_date(row[at]) for at, on in DAYS.items()} for row in rows]
    schema = pa.schema([pa.field(name, column.arrow) for name, column in columns.items()])
    return pa.Table.from_pylist([row | on for row, on in zip(rows, days, strict=True)], schema)


def clock_end(row: Row) -> dt.datetime:
    stated: dt.datetime | None = row["finished_at"] or row["returned_at"]
    if stated is None and row["status"] in ("stopped", "withdrawn"):
        stated = row["rejected_at"]
    if stated is None and row["status"] == "supplement_requested":
        stated = row["supplement_requested_at"]
    day = local_date(row["received_at"])
    following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    month_end = dt.datetime.combine(following, dt.time(), dt.timezone(dt.timedelta(hours=7)))
    return stated or min(month_end, NIGHT.cutoff)


def on_time_766(row: Row) -> bool:
    if row["due_at"] is None or (row["supplement_count"] or 0) > 1:
        return False
    end = clock_end(row)
    asked, came = row["supplement_requested_at"], row["supplement_received_at"]
    if asked and came and came <= end:
        end -= came - asked
    return bool(end <= row["due_at"])


def placed(row: Row) -> Iterator[tuple[str, str, bool]]:
    """Indicator, the time that gives its period, and whether the dossier is in the numerator."""
    if row["received_at"] is None or row["status"] in ("registered", "refused"):
        return
    done = row["status"] in ("finished", "returned") and row["finished_at"] is not None
    is_open = row["status"] not in ("finished", "returned", "stopped", "withdrawn")
    due, online = row["due_at"], row["channel"] == "online"
    yield "online_submission_share", "received_at", online
    yield "postal_receipt_share", "received_at", row["channel"] == "postal"
    yield "pending_count", "received_at", is_open
    yield "on_time_rate_766", "received_at", on_time_766(row)
    if row["service_level"] == "end_to_end":
        yield "end_to_end_share", "received_at", online
    if due:
        late = (done and row["finished_at"] > due) or (is_open and due < NIGHT.cutoff)
        yield "overdue_count", "received_at", late
    if row["fee_amount"] and row["payment"]:
        yield "online_payment_share", "received_at", row["payment"] != "none"
    if row["has_digitised_component"] is not None:
        yield "digitised_share", "received_at", row["has_digitised_component"]
    if done:
        yield "on_time_rate", "finished_at", due is not None and row["finished_at"] <= due
        if row["has_electronic_result"] is not None:
            yield "electronic_result_share", "finished_at", row["has_electronic_result"]
    if row["status"] == "returned" and row["returned_at"]:
        yield "postal_return_share", "returned_at", row["result_delivery"] == "postal"


TOLD_HERE = {
    *("online_submission_share", "postal_receipt_share", "pending_count", "on_time_rate_766"),
    *("end_to_end_share", "overdue_count", "online_payment_share", "digitised_share"),
    *("on_time_rate", "electronic_result_share", "postal_return_share"),
}
"""The indicators that `placed` tells; all others are compared with the nation's truth."""
AGENCY_WORK = {
    *("on_time_rate", "on_time_rate_766", "overdue_count", "pending_count"),
    "electronic_result_share",
}


def is_counting_unit(row: Row, indicator: str) -> bool:
    """Requests are without their parts, work is without the parents that only hold parts."""
    if indicator in AGENCY_WORK:
        return row["bundle"] is None or row["parent_code"] is not None
    return row["parent_code"] is None


def expected(rows: list[Row]) -> dict[Key, tuple[int, int]]:
    numerators: Counter[Key] = Counter()
    denominators: Counter[Key] = Counter()
    for row in rows:
        for indicator, at, is_counted in placed(row):
            if not is_counting_unit(row, indicator):
                continue
            day = local_date(row[at])
            for agency, starts_on in ((None, day), (row["agency_code"], day.replace(day=1))):
                key = (indicator, row["area_code"], agency, starts_on)
                numerators[key] += is_counted
                denominators[key] += 1
    return {key: (numerators[key], denominators[key]) for key in denominators}


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("procedures", records()["procedure"].arrow_schema.empty_table())

        def run(rows: list[Row]) -> pa.Table:
            connection.register("dossiers", table(rows))
            return measure(connection, {"dossier": "dossiers", "procedure": "procedures"}, NIGHT)

        yield run


def keyed(measures: pa.Table) -> dict[Key, tuple[int, int]]:
    """The counts of each key, what comes and what leaves put together; without those of nothing."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for m in measures.to_pylist():
        sums = found[m["indicator"], m["area"], m["agency"], m["starts_on"]]
        sums[0] += m["numerator"]
        sums[1] += m["denominator"]
    return {key: (n, d) for key, (n, d) in found.items() if n or d}


@given(DOSSIERS)
def test_counts_are_those_of_plain_python(measured: Measured, rows: list[Row]) -> None:
    counts = keyed(measured(rows))
    assert {key: count for key, count in counts.items() if key[0] in TOLD_HERE} == expected(rows)
    for (code, *_), (numerator, denominator) in counts.items():
        if not (indicators()[code].is_balance or indicators()[code].amount):
            assert 0 <= numerator <= denominator > 0


@settings(max_examples=10)
@given(st.lists(DOSSIER, min_size=5, max_size=40))
def test_every_engine_counts_as_plain_python(
    run: Callable[..., list[Row]], rows: list[Row]
) -> None:
    for axis in axes():
        if axis[0].record != "dossier" or axis[0].view:
            continue
        counted = run(axis, table(rows), NIGHT)
        for indicator in (i for i in axis if i.code in TOLD_HERE):
            found = {
                (indicator.code, row["area"], row["agency"], row["starts_on"]): (
                    row[f"n_{indicator.code}"],
                    row[f"d_{indicator.code}"],
                )
                for row in counted
                if row[f"d_{indicator.code}"]
            }
            wanted = {k: v for k, v in expected(rows).items() if k[0] == indicator.code}
            assert found == wanted


@given(DOSSIERS, st.randoms())
def test_counts_of_any_parts_add_up(
    measured: Measured, rows: list[Row], chance: random.Random
) -> None:
    sides = [chance.randrange(3) for _ in rows]
    parts = [
        keyed(measured([row for row, own in zip(rows, sides, strict=True) if own == side]))
        for side in range(3)
    ]
    total = {
        key: tuple(sum(part.get(key, (0, 0))[i] for part in parts) for i in (0, 1))
        for key in {key for part in parts for key in part}
    }
    whole = keyed(measured(rows))
    distinct = {code for code, i in indicators().items() if i.view == "procedure_used"}
    assert {k: v for k, v in whole.items() if k[0] not in distinct} == {
        k: v for k, v in total.items() if k[0] not in distinct and any(v)
    }


@given(DOSSIERS, st.randoms())
def test_the_order_of_records_does_not_matter(
    measured: Measured, rows: list[Row], chance: random.Random
) -> None:
    assert keyed(measured(rows)) == keyed(measured(chance.sample(rows, len(rows))))


def test_a_record_kind_without_relation_is_not_counted() -> None:
    with duckdb.connect() as connection:
        measures = measure(connection, {}, NIGHT)
    assert measures.schema.equals(MEASURE_SCHEMA)
    assert not measures.num_rows


def test_a_relation_must_have_the_records_columns() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.BinderException):
        measure(connection, {"rating": "(SELECT 1 AS rated_on)"}, NIGHT)


def test_every_indicator_is_on_one_axis() -> None:
    every = [
        (part.code, part.record, part.moves) for i in indicators().values() for part in i.parts
    ]
    found = [(part.code, part.record, part.moves) for axis in axes() for part in axis]
    assert sorted(found) == sorted(every)
