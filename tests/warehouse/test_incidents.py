"""What is wrong as of a night, and how incidents and their events are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest
import sqlalchemy as sa

from catalog.incidents import Action, Event, Fingerprint, Incident
from catalog.night import Night
from catalog.outcomes import REJECT_SCHEMA
from tests.warehouse.samples import NIGHT, dossiers, findings, ledger_row
from warehouse.incidents import Incidents
from warehouse.postgres import Warehouse
from warehouse.problems import MENDED_SCHEMA
from warehouse.wrong_rows import close_rejects, open_rejects, wrong_rows

ONE_DAY = dt.timedelta(days=1)
NIGHTS = [Night(NIGHT + n * ONE_DAY) for n in range(4)]
MARK = Fingerprint("H26", "ha_noi", "dossier", "late")
OPEN = Incident(MARK, "open", "error", 3, 4, NIGHT, NIGHT, NIGHT, suffixes=("0001", "0002"))


def judged(warehouse: Warehouse, number: int, rows: int = 5, verdict: str = "ok") -> None:
    """The batch of a night brought so many rows, and was judged."""
    on = NIGHTS[number].on
    brought = ledger_row("collect", on, received=rows, accepted=rows)
    warehouse.write_ledger([brought, ledger_row("judge", on, verdict=verdict)])


def find(warehouse: Warehouse, number: int, *keys: int | None) -> None:
    """The batch of a night is judged, and these records (None: the batch itself) are found."""
    batch = NIGHTS[number].batch_id("ha_noi", "dossier")
    warehouse.write_findings(batch, findings(*keys, check_id="late"), dossiers(0))
    judged(warehouse, number)


def reject(warehouse: Warehouse, number: int, *keys: int | None) -> None:
    """The batch of a night is conformed and judged, and these rows are turned away."""
    rows = [
        {
            "page_sha256": f"of {number}", "page_row": place,
            "record_key": None if key is None else f"H26.01-261122-{key:04}",
            "field": "KenhThucHien", "reason": "unknown_code",
        }
        for place, key in enumerate(keys)
    ]  # fmt: skip
    batch = NIGHTS[number].batch_id("ha_noi", "dossier")
    warehouse.write_rejects(batch, pa.Table.from_pylist(rows, REJECT_SCHEMA))
    judged(warehouse, number)


def mended(*keys: int) -> pa.Table:
    rows = [
        {"record": "dossier", "source_id": "ha_noi", "record_key": f"H26.01-261122-{key:04}"}
        for key in keys
    ]
    return pa.Table.from_pylist(rows, MENDED_SCHEMA)


def seen(warehouse: Warehouse) -> list[tuple[int, int, list[str]]]:
    """After each night: rows of the one cause, since when, and the ends of its keys."""
    told = []
    for night in NIGHTS:
        [found] = wrong_rows(warehouse.engine, night.on) or [{}]
        if found:
            since = (found["first_seen"] - NIGHT).days
            told.append((found["rows"], since, [key[-4:] for key in found["keys"] or []]))
    return told


def test_a_finding_is_wrong_until_its_record_is_right_as_known_on_each_night(
    warehouse: Warehouse,
) -> None:
    find(warehouse, 0, 1, 2, 3, 4)
    find(warehouse, 1, 2)
    warehouse.close_findings(NIGHTS[2], mended(2, 3))
    assert seen(warehouse) == [
        (4, 0, ["0001", "0002", "0003"]),
        (4, 0, ["0001", "0002", "0003"]),
        (2, 0, ["0001", "0004"]),
        (2, 0, ["0001", "0004"]),
    ]
    [found] = wrong_rows(warehouse.engine, NIGHT)
    assert (found["rule"], found["column"], found["is_error"]) == ("late", "", True)


def test_what_has_no_key_is_wrong_while_the_newest_judged_batch_has_it(
    warehouse: Warehouse,
) -> None:
    find(warehouse, 0, None)
    find(warehouse, 2)
    judged(warehouse, 1, verdict="failed")
    assert [rows for rows, _, _ in seen(warehouse)] == [1, 1, 0, 0]


def test_a_batch_without_rows_shows_nothing(warehouse: Warehouse) -> None:
    find(warehouse, 0, None)
    judged(warehouse, 1, rows=0)
    find(warehouse, 3)
    assert [rows for rows, _, _ in seen(warehouse)] == [1, 1, 1, 0]


def test_a_rejected_row_is_wrong_until_its_record_is_accepted(warehouse: Warehouse) -> None:
    reject(warehouse, 0, 1, 2, None, None)
    reject(warehouse, 1, 1)
    keys = open_rejects(warehouse.engine, "dossier", NIGHTS[2].on)["record_key"].to_pylist()
    assert sorted(key[-4:] for key in keys) == ["0001", "0002"]
    for _ in range(2):
        close_rejects(warehouse.engine, NIGHTS[2].on, mended(1))
    assert seen(warehouse) == [
        (4, 0, ["0001", "0002"]),
        (2, 0, ["0001", "0002"]),
        (1, 0, ["0002"]),
        (1, 0, ["0002"]),
    ]
    close_rejects(warehouse.engine, NIGHTS[2].on, mended(2))
    assert seen(warehouse)[2] == (1, 0, ["0001"])
    [found] = wrong_rows(warehouse.engine, NIGHT)
    assert (found["rule"], found["column"]) == ("rejected:unknown_code", "KenhThucHien")


def test_incidents_are_kept_as_they_stood_after_each_night(warehouse: Warehouse) -> None:
    kept = Incidents(warehouse.engine)
    fixed = replace(OPEN, state="fixed", rows=0, suffixes=(), fixed_on=NIGHTS[2].on)
    for night, incident in ((NIGHTS[0], OPEN), (NIGHTS[2], fixed)):
        kept.write_night(night.on, night.cutoff, [incident], [])
    assert kept.read() == [fixed]
    assert kept.read(through=NIGHTS[1].on) == [OPEN]
    assert kept.read(through=NIGHT - ONE_DAY) == kept.read(source_id="hue") == []
    assert kept.nights_of(OPEN.incident_id) == [(NIGHT, OPEN), (NIGHTS[2].on, fixed)]
    assert kept.later_nights(NIGHT) == [NIGHTS[2].on]


def event(kind: str, number: int = 0, **facts: object) -> Event:
    return Event(OPEN.incident_id, NIGHTS[number].on, kind, 3, **facts)  # type: ignore[arg-type]


def test_a_night_replaces_what_it_decided_and_nothing_that_people_did(
    warehouse: Warehouse,
) -> None:
    kept, at = Incidents(warehouse.engine), dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    answer = event("acknowledged", by="tổ dữ liệu", note="đang sửa", until=NIGHTS[3].on)
    told = event("notified")
    kept.write_night(NIGHT, NIGHTS[0].cutoff, [OPEN], [event("opened")])
    assert kept.append(answer, OPEN, at, "person")
    assert not kept.append(answer, OPEN, at, "person")
    assert kept.append(told, replace(OPEN, last_notified=NIGHT), at, "message")
    assert kept.read()[0].last_notified == NIGHT
    assert kept.events() == [event("opened"), answer, told]
    kept.write_night(NIGHT, NIGHTS[0].cutoff, [OPEN], [event("opened"), event("eased")])
    assert kept.events(on=NIGHT) == [event("eased"), event("opened"), answer, told]
    assert kept.events(origin="message") == [told]
    assert kept.events("another") == []
    said = ("acknowledged", at, "tổ dữ liệu", "đang sửa", NIGHTS[3].on)
    assert kept.actions(NIGHT) == [Action(OPEN.incident_id, *said)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [{"state": "forgotten"}, {"severity": "fatal"}, {"fixed_on": NIGHT}, {"state": "fixed"}],
)
def test_the_database_refuses_what_no_incident_can_be(
    warehouse: Warehouse, values: dict[str, object]
) -> None:
    Incidents(warehouse.engine).write_night(NIGHT, NIGHTS[0].cutoff, [OPEN], [])
    table = sa.table("incident", *map(sa.column, values), schema="ops")
    with pytest.raises(sa.exc.IntegrityError), warehouse.engine.begin() as connection:
        connection.execute(sa.update(table).values(values))
