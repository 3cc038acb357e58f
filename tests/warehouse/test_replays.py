"""What a replay closes of the rows that were turned away, and what it leaves as it was."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from catalog.night import Night
from catalog.outcomes import REJECT_SCHEMA
from tests.warehouse.samples import NIGHT, dossiers, findings
from warehouse import replays
from warehouse.connections import transaction
from warehouse.postgres import Warehouse
from warehouse.problems import MENDED_SCHEMA
from warehouse.tables.replay import JUDGED
from warehouse.wrong_rows import close_rejects

FRIDAY, SATURDAY, SUNDAY = (Night(NIGHT + n * dt.timedelta(days=1)) for n in range(3))
BATCH = FRIDAY.batch_id("ha_noi", "dossier")


def key(number: int) -> str:
    return f"H26.01-261122-{number:04}"


def turn_away(warehouse: Warehouse, *numbers: int) -> None:
    """On Friday; each row stands at its number in the page that `findings` are about."""
    column = {"field": "KenhThucHien", "reason": "unknown_code", "page_sha256": "x"}
    rows = [{**column, "page_row": n, "record_key": key(n)} for n in numbers]
    warehouse.write_rejects(BATCH, pa.Table.from_pylist(rows, REJECT_SCHEMA))


def deliver(warehouse: Warehouse, night: Night, *numbers: int) -> None:
    """These come right in that night's delivery."""
    named = {"record": "dossier", "source_id": "ha_noi"}
    rows = [{**named, "record_key": key(n)} for n in numbers]
    close_rejects(warehouse.engine, night.on, pa.Table.from_pylist(rows, MENDED_SCHEMA))


def judge_again(warehouse: Warehouse, night: Night, *refused: int) -> None:
    """What that night writes of a replay before it merges."""
    batch_id = replays.replay_id(BATCH, night)
    row = {"batch_id": batch_id, "replays": BATCH, "released_by": None, "why": None}
    with transaction(warehouse.engine) as connection:
        replays.write(connection, {**row, "code_version": "0", **dict.fromkeys(JUDGED, 0)})
    warehouse.write_findings(batch_id, findings(*refused), dossiers(0))


def merge_again(warehouse: Warehouse, night: Night, *accepted: int) -> None:
    places = {"page_sha256": ["x"] * len(accepted), "page_row": list(accepted)}
    with transaction(warehouse.engine) as connection:
        for row in replays.read(connection, night.on):
            replays.close(connection, row, pa.table(places))


def closed(warehouse: Warehouse) -> dict[int, str | None]:
    rows = warehouse.quarantine(on=FRIDAY.on)
    return {row["page_row"]: row["fixed_on"] for row in rows if "reason" in row}


def test_what_a_delivery_of_the_night_has_closed_a_replay_does_not_open(
    warehouse: Warehouse,
) -> None:
    turn_away(warehouse, 1, 2)
    deliver(warehouse, SUNDAY, 1)
    judge_again(warehouse, SUNDAY)
    assert closed(warehouse) == {1: str(SUNDAY), 2: None}


def test_a_replay_closes_what_it_accepts_and_what_it_understands_though_a_check_refuses_it(
    warehouse: Warehouse,
) -> None:
    turn_away(warehouse, 1, 2, 3)
    judge_again(warehouse, SUNDAY, 2)
    merge_again(warehouse, SUNDAY, 1)
    assert closed(warehouse) == {1: str(SUNDAY), 2: str(SUNDAY), 3: None}


def test_a_night_that_runs_again_forgets_what_it_brings_no_more_and_keeps_what_it_judged_again(
    warehouse: Warehouse,
) -> None:
    turn_away(warehouse, 1, 2)
    judge_again(warehouse, SUNDAY)
    for brought in ([1], []):
        deliver(warehouse, SUNDAY, *brought)
        merge_again(warehouse, SUNDAY, 2)
    assert closed(warehouse) == {1: None, 2: str(SUNDAY)}


def test_what_came_right_on_an_earlier_night_stays_right_since_then(warehouse: Warehouse) -> None:
    turn_away(warehouse, 1, 2)
    deliver(warehouse, SATURDAY, 1)
    judge_again(warehouse, SUNDAY)
    merge_again(warehouse, SUNDAY, 1, 2)
    assert closed(warehouse) == {1: str(SATURDAY), 2: str(SUNDAY)}
