from __future__ import annotations

import datetime as dt

import pyarrow as pa
import sqlalchemy as sa

from catalog.night import Night
from catalog.outcomes import REJECT_SCHEMA
from tests.warehouse.samples import NIGHT, dossiers, findings
from warehouse.postgres import Warehouse

TOMORROW = NIGHT + dt.timedelta(days=1)
BATCH = Night(NIGHT).batch_id("ha_noi", "dossier")
NEXT = Night(TOMORROW).batch_id("ha_noi", "dossier")


def _rejects(*reasons: str) -> pa.Table:
    rows = [
        {"page_sha256": "x", "page_row": i, "field": "KenhThucHien", "reason": reason}
        for i, reason in enumerate(reasons)
    ]
    return pa.Table.from_pylist(rows, schema=REJECT_SCHEMA)


def _states(warehouse: Warehouse, on: dt.date) -> dict[str | None, str]:
    return {row["record_key"]: row["state"] for row in warehouse.quarantine(on=on)}


def test_rejects_are_replaced_by_difference(warehouse: Warehouse) -> None:
    rejects = _rejects("unknown_code", "unknown_code", "bad_timestamp")
    assert warehouse.write_rejects(BATCH, rejects) == 3
    assert warehouse.write_rejects(BATCH, rejects) == 0
    assert warehouse.write_rejects(BATCH, rejects.slice(0, 2)) == 1
    assert [row["reason"] for row in warehouse.quarantine()] == ["unknown_code"] * 2
    assert warehouse.write_rejects(NEXT, rejects.slice(0, 0)) == 0


def test_findings_carry_their_rows_and_are_replaced_by_difference(warehouse: Warehouse) -> None:
    rows = dossiers(5)
    assert warehouse.write_findings(BATCH, findings(1, 3, None), rows) == 3
    assert warehouse.write_findings(BATCH, findings(1, 3, None), rows) == 0
    kept = {row["record_key"]: row["row"] for row in warehouse.quarantine(on=NIGHT)}
    assert kept[None] is None
    assert kept["H26.01-261122-0003"]["page_row"] == 3
    assert kept["H26.01-261122-0003"]["received_on"] == "2026-11-22"
    changed = dossiers(5, fee_amount=5)
    assert warehouse.write_findings(BATCH, findings(1, None), changed) == 2
    assert len(warehouse.quarantine(on=NIGHT)) == 2


def test_a_finding_without_a_row_has_none_and_not_the_null_of_json(warehouse: Warehouse) -> None:
    warehouse.write_findings(BATCH, findings(1, None), dossiers(2))
    query = sa.text("SELECT record_key IS NULL, row IS NULL, jsonb_typeof(row) FROM ops.finding")
    with warehouse.engine.connect() as connection:
        kinds = {tuple(found) for found in connection.execute(query)}
    assert kinds == {(False, False, "object"), (True, True, None)}


def test_a_finding_repeated_later_is_carried_on(warehouse: Warehouse) -> None:
    none = dossiers(0)
    warehouse.write_findings(BATCH, findings(1, 2, None), none)
    warehouse.write_findings(NEXT, findings(1), none)
    states = {"H26.01-261122-0001": "closed", "H26.01-261122-0002": "open", None: "closed"}
    assert _states(warehouse, NIGHT) == states
    [carried] = warehouse.quarantine(on=TOMORROW)
    assert (carried["first_seen"], carried["last_seen"]) == ("2026-11-22", "2026-11-23")
    assert warehouse.write_findings(BATCH, findings(1, 2, None), none) == 0
    assert _states(warehouse, NIGHT) == states
