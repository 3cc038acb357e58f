"""What the checks found lives until a later night brings it right; nights may be run again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from catalog.night import Night
from tests.warehouse.samples import NIGHT, dossiers, findings, ledger_row
from warehouse.postgres import Warehouse
from warehouse.problems import MENDED_SCHEMA

ONE_DAY = dt.timedelta(days=1)
NIGHTS = [Night(NIGHT + n * ONE_DAY) for n in range(4)]


def find(warehouse: Warehouse, night: Night, *keys: int | None, check_id: str = "late") -> None:
    """The batch of a night is judged, and these records (None: the batch itself) are found."""
    batch = night.batch_id("ha_noi", "dossier")
    warehouse.write_findings(batch, findings(*keys, check_id=check_id), dossiers(0))
    warehouse.write_ledger([ledger_row("judge", night.on)])


def mend(warehouse: Warehouse, night: Night, *keys: int) -> None:
    rows = [
        {"record": "dossier", "source_id": "ha_noi", "record_key": f"H26.01-261122-{key:04}"}
        for key in keys
    ]
    warehouse.close_findings(night, pa.Table.from_pylist(rows, MENDED_SCHEMA))


def told(warehouse: Warehouse, night: Night) -> list[tuple[Any, ...]]:
    """First seen, records, closed records and closing night of each group the night changed."""
    first = NIGHTS[0].on
    return [
        (
            (found["first_seen"] - first).days,
            found["rows"],
            found["closed_rows"],
            found["closed_on"] and (found["closed_on"] - first).days,
        )
        for found in warehouse.problems(night)
    ]


def test_a_problem_is_closed_by_the_night_that_mends_its_last_record(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], 1, 2)
    mend(warehouse, NIGHTS[1], 1)
    mend(warehouse, NIGHTS[2], 2)
    assert told(warehouse, NIGHTS[0]) == [(0, 2, 0, None)]
    assert told(warehouse, NIGHTS[1]) == [(0, 2, 1, None)]
    assert told(warehouse, NIGHTS[2]) == [(0, 2, 2, 2)]
    assert told(warehouse, NIGHTS[3]) == []
    assert warehouse.quarantine() == []


def test_a_night_that_is_run_again_closes_what_it_brings_now(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], 1, 2)
    mend(warehouse, NIGHTS[1], 1)
    keys = warehouse.open_findings("dossier", NIGHTS[1])["record_key"].to_pylist()
    assert sorted(keys) == ["H26.01-261122-0001", "H26.01-261122-0002"]
    mend(warehouse, NIGHTS[1], 2)
    assert [row["record_key"] for row in warehouse.quarantine()] == ["H26.01-261122-0001"]
    assert told(warehouse, NIGHTS[1]) == [(0, 2, 1, None)]


def test_a_night_mends_nothing_that_it_found_itself(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], 1)
    mend(warehouse, NIGHTS[0], 1)
    assert warehouse.open_findings("dossier", NIGHTS[0]).num_rows == 0
    assert told(warehouse, NIGHTS[0]) == [(0, 1, 0, None)]


def test_what_turns_wrong_again_is_open_again_since_it_was_first_seen(
    warehouse: Warehouse,
) -> None:
    find(warehouse, NIGHTS[0], 1)
    find(warehouse, NIGHTS[1])
    mend(warehouse, NIGHTS[1], 1)
    find(warehouse, NIGHTS[2], 1, 3)
    mend(warehouse, NIGHTS[2])
    assert told(warehouse, NIGHTS[1]) == [(0, 1, 1, 1)]
    assert told(warehouse, NIGHTS[2]) == [(0, 1, 0, None), (2, 1, 0, None)]


def test_a_finding_about_the_batch_lasts_until_a_batch_without_it(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], None)
    mend(warehouse, NIGHTS[0])
    find(warehouse, NIGHTS[2], None)  # on the night between, nothing could be judged
    mend(warehouse, NIGHTS[2])
    assert told(warehouse, NIGHTS[2]) == [(0, 1, 0, None)]
    find(warehouse, NIGHTS[3])
    mend(warehouse, NIGHTS[3])
    mend(warehouse, NIGHTS[3])
    assert told(warehouse, NIGHTS[3]) == [(0, 1, 1, 3)]


def test_a_batch_found_wrong_again_later_is_another_problem(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], None)
    find(warehouse, NIGHTS[1])
    mend(warehouse, NIGHTS[1])
    find(warehouse, NIGHTS[2], None)
    mend(warehouse, NIGHTS[2])
    assert told(warehouse, NIGHTS[1]) == [(0, 1, 1, 1)]
    assert told(warehouse, NIGHTS[2]) == [(2, 1, 0, None)]


def test_warnings_are_told_apart(warehouse: Warehouse) -> None:
    find(warehouse, NIGHTS[0], 1)
    [found] = warehouse.problems(NIGHTS[0])
    assert found["is_error"]
    batch = NIGHTS[1].batch_id("ha_noi", "dossier")
    warned = findings(2, check_id="strange").to_pylist()
    rows = [{**row, "severity": "warning"} for row in warned]
    table = pa.Table.from_pylist(rows, findings(1).schema)
    warehouse.write_findings(batch, table, dossiers(0))
    assert [found["is_error"] for found in warehouse.problems(NIGHTS[1])] == [False]
