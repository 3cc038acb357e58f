from __future__ import annotations

import datetime as dt
import threading
import traceback
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from catalog.errors import PublicationError
from tests.warehouse.samples import NIGHT, definition, dossiers, figures
from warehouse.postgres import Warehouse

RELEASE = "r-2026-11-22"
LATER = "r-2026-11-23"
ZEROS = ("dossier", "observation", "release", "area", "area_change", "source", "indicator", "code")
CATALOGUE = [definition()]


def _stored(warehouse: Warehouse, query: str) -> list[tuple[object, ...]]:
    with warehouse.engine.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_publishing_again_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    observations = figures(RELEASE, {"H26": 7, "H29": None})
    rows = dossiers(4)
    first = warehouse.publish(RELEASE, observations, {"dossier": rows}, CATALOGUE)
    assert (first["dossier"], first["observation"], first["release"], first["indicator"]) == (
        4, 2, 1, 1,
    )  # fmt: skip
    pq.write_table(rows, tmp_path / "dossier.parquet")
    again = warehouse.publish(
        RELEASE, observations, {"dossier": tmp_path / "dossier.parquet"}, CATALOGUE
    )
    assert again == dict.fromkeys(ZEROS, 0)
    with_reader = warehouse.publish(RELEASE, observations, {"dossier": rows.to_reader()}, [])
    assert with_reader == dict.fromkeys(ZEROS, 0)


def test_a_release_holds_exactly_what_was_published_last(warehouse: Warehouse) -> None:
    warehouse.publish(RELEASE, figures(RELEASE, {"H26": 7, "H29": 3}), {})
    warehouse.publish(LATER, figures(LATER, {"H26": 9}), {})
    changed = warehouse.publish(RELEASE, figures(RELEASE, {"H26": 8, "H31": None}), {})
    assert changed["observation"] == 3
    now = warehouse.observations("on_time_rate", as_of=NIGHT)
    assert [(row["area"], row["numerator"]) for row in now] == [("H26", 8), ("H31", None)]
    assert warehouse.observations("on_time_rate", area="H26") == [
        {
            "indicator": "on_time_rate", "area": "H26", "period": "2026-11", "numerator": 9,
            "denominator": 10, "value": 0.9, "coverage": 1.0, "status": "provisional",
            "definition_version": 1, "release": LATER,
        }
    ]  # fmt: skip
    assert warehouse.observations("on_time_rate", period="2026-10") == []
    assert warehouse.observations("on_time_rate", as_of=NIGHT - dt.timedelta(days=1)) == []


def test_records_end_at_their_newest_version(warehouse: Warehouse) -> None:
    """Three versions (day, content) arrive in every order, one order a source."""
    orders = list(permutations([(1, 1), (1, 2), (2, 1)]))
    for step in range(3):
        rows = [
            dossiers(
                1,
                source_id=f"order_{number}",
                version_at=dt.datetime(2026, 11, order[step][0], tzinfo=dt.UTC),
                content_hash=order[step][1],
            )
            for number, order in enumerate(orders)
        ]
        observations = figures(RELEASE, {"H26": 7})
        warehouse.publish(RELEASE, observations, {"dossier": pa.concat_tables(rows)})
    query = "SELECT extract(day FROM version_at), content_hash FROM record.dossier"
    assert _stored(warehouse, query) == [(2, 1)] * len(orders)


def _broken(rows: pa.Table) -> pa.Table:
    """The last row lacks a value that is required, deep in the input."""
    position = rows.schema.get_field_index("status")
    status = pa.array([*rows["status"].to_pylist()[:-1], None])
    return rows.set_column(position, "status", status)


@pytest.mark.parametrize("already", [0, 3])
def test_a_failure_in_the_middle_leaves_the_old(warehouse: Warehouse, already: int) -> None:
    old = figures(RELEASE, {"H26": 7})
    warehouse.publish(RELEASE, old, {"dossier": dossiers(already)})
    before = warehouse.observations("on_time_rate")
    with pytest.raises(PublicationError, match="Postgres refused") as refusal:
        warehouse.publish(
            LATER, figures(LATER, {"H26": 1}), {"dossier": _broken(dossiers(9, fee_amount=1))}
        )
    assert "H26.01-261122" not in "".join(traceback.format_exception(refusal.value))
    assert warehouse.observations("on_time_rate") == before
    assert _stored(warehouse, "SELECT count(*) FROM record.dossier") == [(already,)]
    twice = pa.concat_tables([figures(LATER, {"H26": 1})] * 2)
    with pytest.raises(PublicationError):
        warehouse.publish(LATER, twice, {"dossier": dossiers(9, fee_amount=1)})
    assert _stored(warehouse, "SELECT count(*) FROM record.dossier") == [(already,)]


def test_input_that_is_not_what_it_says_is_refused(warehouse: Warehouse) -> None:
    good = figures(RELEASE, {"H26": 7})
    refused = [
        (RELEASE, good.slice(0, 0), {}),
        (LATER, good, {}),
        (RELEASE, good.drop_columns(["coverage"]), {}),
        (RELEASE, good, {"dossier": dossiers(1).drop_columns(["status"])}),
        (RELEASE, good, {"dossier": dossiers(1).append_column("phone", pa.array(["0"]))}),
    ]
    for release, observations, changed in refused:
        with pytest.raises(PublicationError):
            warehouse.publish(release, observations, changed)
    assert _stored(warehouse, "SELECT count(*) FROM mart.release") == [(0,)]


def test_a_reader_sees_the_old_or_the_new(warehouse: Warehouse) -> None:
    """Figures and records of state n always say n, in one snapshot, while n grows."""
    states = 8
    done = threading.Event()
    seen: list[tuple[object, ...]] = []
    query = """
        SELECT min(numerator), max(numerator), count(*),
               (SELECT min(fee_amount) FROM record.dossier),
               (SELECT max(fee_amount) FROM record.dossier),
               (SELECT count(*) FROM record.dossier)
        FROM mart.observation"""

    def read() -> None:
        while not done.is_set():
            seen.extend(_stored(warehouse, query))

    reader = threading.Thread(target=read)
    _publish_state(warehouse, 0)
    reader.start()
    for state in range(1, states):
        _publish_state(warehouse, state)
    done.set()
    reader.join()
    assert set(seen) <= {(n, n, 200, n, n, 300) for n in range(states)}
    assert len(set(seen)) > 1


def _publish_state(warehouse: Warehouse, state: int) -> None:
    observations = figures(RELEASE, {f"H26.{unit:03}": state for unit in range(200)})
    at = dt.datetime(2026, 11, 1 + state, tzinfo=dt.UTC)
    rows = dossiers(300, fee_amount=state, version_at=at)
    warehouse.publish(RELEASE, observations, {"dossier": rows})


def test_publishers_take_turns(warehouse: Warehouse) -> None:
    """Two of them at once, writing the same keys in opposite orders, neither fails nor mixes."""
    failures: list[BaseException] = []

    def publish(state: int) -> None:
        observations = figures(RELEASE, {f"H26.{unit:03}": state for unit in range(100)})
        rows = dossiers(200, fee_amount=state)
        if state % 2:
            rows = rows.sort_by([("dossier_code", "descending")])
        try:
            warehouse.publish(RELEASE, observations, {"dossier": rows})
        except PublicationError as error:
            failures.append(error)

    writers = [threading.Thread(target=publish, args=[state]) for state in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    query = "SELECT count(DISTINCT fee_amount), count(*) FROM record.dossier"
    assert _stored(warehouse, query) == [(1, 200)]
