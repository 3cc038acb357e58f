"""Items are parts of the nation: they are counted by the same engine and add up to its figures."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import codelists
from catalog.areas import areas
from catalog.outcomes import BREAKDOWN_SCHEMA, REPORTING_SCHEMA
from catalog.records import stored_records
from pipeline.measures import Remembered
from tests.figures.made import RELEASE
from tests.indicators.test_counts import NIGHT, table
from transforms.breakdowns import breakdowns, count, observe
from transforms.indicators import indicators, measure
from transforms.indicators import observe as observe_all

APART = next(a.code for a in areas().values() if not a.in_national_totals)
PLACES = ("H26", "H29", "G03", APART)
CODES = ("1.000452", "1.000656", "1.003560", None)
AT = dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC)
PLAIN = {
    **dict.fromkeys(("due_at", "finished_at", "returned_at", "rejected_at")),
    **{"area_code": "H26", "agency_code": "H26.01", "status": "processing", "received_at": AT},
}
TIMES = ("received_at", "due_at", "finished_at", "returned_at", "rejected_at")
STATUSES = sorted(codelists.codes("status"))
Row = dict[str, Any]
Key = tuple[str, str]
Sums = tuple[int, int]
Counted = Callable[..., pa.Table]
SHARE = "online_submission_share"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        for kind, record in stored_records().items():
            opened.register(f"{kind}_s", record.arrow_schema.empty_table())
        yield opened


@pytest.fixture(scope="module")
def known(connection: duckdb.DuckDBPyConnection) -> Callable[[list[Row]], dict[str, str]]:
    """The relations of a nation with these dossiers and nothing else."""

    def give(rows: list[Row]) -> dict[str, str]:
        connection.register("dossier_s", table(rows))
        return {kind: f"{kind}_s" for kind in stored_records()}

    return give


@pytest.fixture(scope="module")
def counted(
    connection: duckdb.DuckDBPyConnection, known: Callable[[list[Row]], dict[str, str]]
) -> Counted:
    def run(rows: list[Row], **given: Any) -> pa.Table:
        return observe(count(connection, known(rows), NIGHT, **given), RELEASE)

    return run


def summed(table: pa.Table, dimension: str) -> dict[Key, Sums]:
    """Of each indicator and period what its items add up to."""
    n, d = Counter[Key](), Counter[Key]()
    for row in table.to_pylist():
        if row["dimension"] == dimension:
            n[row["indicator"], row["period"]] += row["numerator"]
            d[row["indicator"], row["period"]] += row["denominator"]
    return {key: (n[key], d[key]) for key in d}


def drawn(chance: random.Random) -> Row:
    """Any dossier: what follows from nothing else is drawn by chance."""
    hours = {name: AT + dt.timedelta(hours=chance.randint(-900, 1100)) for name in TIMES}
    codes = {
        name: chance.choice([*sorted(codelists.codes(field.codes)), None])
        for name, field in stored_records()["dossier"].fields.items()
        if field.codes and not field.required
    }
    known = {name: at if chance.random() < 0.8 else None for name, at in hours.items()}
    return {
        **PLAIN, **codes, **known, "area_code": chance.choice(PLACES),
        "procedure_code": chance.choice(CODES), "status": chance.choice(STATUSES),
        "fee_amount": chance.choice([0, 50_000, None]), "supplement_count": chance.choice([0, 2]),
        "has_digitised_component": chance.choice([True, False, None]),
        "has_electronic_result": chance.choice([True, False, None]),
        "is_vneid_verified": chance.choice([True, False, None]),
    }  # fmt: skip


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**9))
def test_the_items_of_every_dimension_add_up_to_the_nation(
    connection: duckdb.DuckDBPyConnection,
    known: Callable[[list[Row]], dict[str, str]],
    counted: Counted,
    seed: int,
) -> None:
    chance = random.Random(seed)
    rows = [drawn(chance) for _ in range(chance.randint(1, 200))]
    measures = measure(connection, known(rows), NIGHT)
    found = observe_all(measures, REPORTING_SCHEMA.empty_table(), NIGHT, RELEASE).to_pylist()
    by_item = counted(rows)
    for name, dimension in breakdowns().items():
        assert summed(by_item, name) == {
            (row["indicator"], row["period"]): (row["numerator"], row["denominator"])
            for row in found
            if row["indicator"] in dimension.indicators and row["period_type"] != "day"
            if (row["area"], row["borders"]) == ("VN", "34") and row["denominator"]
        }


def test_what_a_source_did_not_state_is_an_item_of_its_own(counted: Counted) -> None:
    rows = [{**PLAIN, "channel": channel} for channel in ("online", "online", None)]
    found = counted(rows).to_pylist()
    assert {
        row["item"]: (row["numerator"], row["denominator"], row["value"])
        for row in found
        if (row["indicator"], row["dimension"], row["period"]) == (SHARE, "channel", "2026-Q4")
    } == {"online": (2, 2, 1.0), "": (0, 1, 0.0)}


def test_a_longer_period_is_the_sum_of_its_months(counted: Counted) -> None:
    days = [AT, AT.replace(month=11), AT.replace(year=2025, month=12)]
    rows = [{**PLAIN, "channel": "online", "received_at": at} for at in days]
    found = counted(rows)
    assert found.schema.equals(BREAKDOWN_SCHEMA)
    assert {
        (row["period"], row["period_type"]): row["denominator"]
        for row in found.to_pylist()
        if (row["indicator"], row["dimension"]) == (SHARE, "channel")
    } == {
        **{(month, "month"): 1 for month in ("2025-12", "2026-10", "2026-11")},
        **{("2025-Q4", "quarter"): 1, ("2026-Q4", "quarter"): 2},
        **{("2025", "year"): 1, ("2026", "year"): 2, ("all", "all"): 3},
    }


def test_a_source_that_states_a_constant_feeds_no_item(counted: Counted) -> None:
    rows = [{**PLAIN, "channel": "online", "source_id": name} for name in ("hue", "da_nang")]
    found = counted(rows, not_fed={SHARE: frozenset({"hue"})})
    assert summed(found, "channel")[SHARE, "all"] == (1, 1)
    assert summed(found, "channel")["on_time_rate_766", "all"][1] == 2


def test_what_a_source_no_longer_holds_counts_for_no_item(counted: Counted) -> None:
    rows = [{**PLAIN, "channel": "online", "is_deleted": gone} for gone in (True, False)]
    assert summed(counted(rows), "channel")[SHARE, "all"] == (1, 1)


def test_the_same_files_are_counted_once(
    connection: duckdb.DuckDBPyConnection,
    known: Callable[[list[Row]], dict[str, str]],
    tmp_path: Path,
) -> None:
    memory, relations = Remembered(tmp_path), known([{**PLAIN, "channel": "online"}])
    first = count(connection, relations, NIGHT, memory=memory)
    connection.register("dossier_s", table([]))  # so that only memory can tell
    assert count(connection, relations, NIGHT, memory=memory).equals(first)
    memory.forget_others()
    assert {file.stem for file in tmp_path.glob("*.parquet")} == memory.used


def test_only_marked_flows_of_dossiers_are_broken_down() -> None:
    assert {code for dimension in breakdowns().values() for code in dimension.indicators} == {
        code
        for code, told in indicators().items()
        if told.record == "dossier" and told.accumulates == "flow" and not told.or_reported
        if told.headline or told.is_ranked
    }
