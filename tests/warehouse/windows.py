"""What a source sent on the nights of a window, as the night would have noted it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.incidents import Fingerprint
from catalog.outcomes import FINDING_SCHEMA, REJECT_SCHEMA
from tests.warehouse.samples import NIGHT, dossiers, ledger_row
from warehouse.postgres import Warehouse
from warehouse.score_cards import Asked, ScoreCards
from warehouse.tables import metadata

ONE_DAY = dt.timedelta(days=1)
RULES: Any = {
    "late": "consistency",
    "odd": "consistency",
    "old": "timeliness",
    "rejected:unknown_code": "validity",
}
BY_ROW: Any = ["validity", "consistency"]
WINDOW = 30
WARNED = ("odd", "old")


def night(number: int) -> dt.date:
    return NIGHT + number * ONE_DAY


def batch_id(number: int, record: str = "dossier") -> str:
    return f"ha_noi.{record}.{night(number)}"


def sent(
    warehouse: Warehouse, number: int, rows: int, verdict: str = "ok", duplicate: int = 0
) -> None:
    """The batch of a night was read, and judged so."""
    read = ledger_row(
        "conform", night(number), received=rows, accepted=rows - duplicate, duplicate=duplicate
    )
    accepted = rows if verdict == "ok" else 0
    judged = ledger_row(
        "judge", night(number), received=rows, accepted=accepted, quarantined=rows - accepted
    )
    warehouse.write_ledger([read, replace(judged, verdict=verdict)])


def find(
    warehouse: Warehouse, number: int, *found: tuple[str, int | None], in_batch: str = ""
) -> None:
    """These checks speak against these rows (None: the batch) of that night; a row that comes
    again has the same key."""
    rows = [
        {
            "check_id": check, "check_version": 1,
            "severity": "warning" if check in WARNED else "error",
            "row_index": row, "record_key": None if row is None else f"key {row}",
            "page_sha256": None if row is None else f"page {number}", "page_row": row,
        }
        for check, row in found
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, FINDING_SCHEMA)
    warehouse.write_findings(in_batch or batch_id(number), table, dossiers(0))


def reject(warehouse: Warehouse, number: int, *rows: int) -> None:
    told = {"reason": "unknown_code", "record_key": None, "page_sha256": f"page {number}"}
    fields = ("KenhThucHien", "TrangThai")
    table = [{**told, "page_row": row, "field": field} for row in rows for field in fields]
    warehouse.write_rejects(batch_id(number), pa.Table.from_pylist(table, REJECT_SCHEMA))


def mend(warehouse: Warehouse, number: int, table: str, *rows: int) -> None:
    """The rows that still wait are brought right on that night."""
    state = ", state = 'closed'" if table == "finding" else ""
    is_open = "state = 'open'" if table == "finding" else "fixed_on IS NULL"
    statement = (
        f"UPDATE ops.{table} SET fixed_on = :on{state}"
        f" WHERE page_row = ANY(:rows) AND {is_open} AND batch_on < :on"
    )
    with warehouse.engine.begin() as connection:
        connection.execute(sa.text(statement), {"on": night(number), "rows": list(rows)})


def deliver(warehouse: Warehouse, due: int, merged: int | None, expected: bool = True) -> None:
    """What the pipeline says of the delivery of that night."""
    table = metadata.tables["record.delivery"]
    row = {
        "delivery_code": batch_id(due), "system_code": "ha_noi", "record_kind": "dossier",
        "area_code": "H26", "agency_code": "H26", "night_on": night(due), "due_on": night(due),
        "merged_on": None if merged is None else night(merged), "is_expected": expected,
        "is_merged": merged == due, "is_deleted": False, "source_id": "motcua",
        "version_at": dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "batch_on": night(due),
        "page_sha256": "x", "page_row": due + 100, "content_hash": due, "key_hash": due,
    }  # fmt: skip
    with warehouse.engine.begin() as connection:
        connection.execute(sa.insert(table), {n: v for n, v in row.items() if n in table.c})


def counted(
    warehouse: Warehouse, number: int, accepted: Iterable[Fingerprint] = ()
) -> dict[str, tuple[int, int, list[int]]]:
    """By dimension: judged, good, and the numbers of the nights that are known."""
    asked = Asked(night(number), WINDOW, ["dossier"], RULES, list(accepted))
    return {
        row["dimension"]: (
            row["judged"], row["good"], sorted((on - NIGHT).days for on in row["nights"]),
        )
        for row in ScoreCards(warehouse.engine).tallies(asked, BY_ROW)
    }  # fmt: skip


def replayed(warehouse: Warehouse, number: int, of: int, by: str | None = None) -> str:
    """The batch of the night `of` was judged again and taken by a later one."""
    replay = metadata.tables["ops.replay"]
    counts = dict.fromkeys(("received", "accepted", "quarantined", "rejected", "duplicate"), 0)
    row = {
        "batch_id": f"{batch_id(number)}.replays.{night(of)}", "replays": batch_id(of),
        "source_id": "ha_noi", "record": "dossier", "batch_on": night(number), "released_by": by,
        "why": by, "code_version": "0", **counts,
    }  # fmt: skip
    with warehouse.engine.begin() as connection:
        connection.execute(sa.insert(replay), row)
    return str(row["batch_id"])
