"""A source whose system fills in a column by itself feeds all indicators but those that use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest

from catalog.areas import NATION
from catalog.night import Night
from catalog.outcomes import DETECTION_SCHEMA, REPORTING_SCHEMA
from catalog.records import stored_records
from catalog.sources import Deviation, sources
from simulator import Nation
from tests.detectors.country import ON, OPENS, merged, relations, write
from transforms.detectors import detect, detectors, fed_by, not_fed, unfed
from transforms.indicators import indicators, measure, observe

FILLER, HONEST = "ha_tinh", "lao_cai"
AREAS = {source_id: sources()[source_id].area for source_id in (FILLER, HONEST)}
BESIDE = {"procedure": "cong_dvcqg_thu_tuc", "portal_dossier": "cong_dvcqg_ho_so"}
CONSTANTS = {d.column: d.record for d in detectors().values() if d.column}
NIGHT = Night(ON)
Counts = dict[str, set[tuple[Any, ...]]]


class Place(NamedTuple):
    """The relations of a lake, and a connection that reads them."""

    connection: duckdb.DuckDBPyConnection
    relations: Mapping[str, str]

    def counts(self, **changed: Any) -> Counts:
        """Indicator -> its counts."""
        counted = measure(self.connection, {**self.relations, **changed}, NIGHT)
        return by_indicator(counted)


def by_indicator(counted: pa.Table) -> Counts:
    found: Counts = defaultdict(set)
    for row in counted.to_pylist():
        found[row.pop("indicator")].add(tuple(row.values()))
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("lake")
    nation = Nation(OPENS, 60_000, gamed={FILLER: "constants"})
    lake = merged(nation, AREAS, [ON], folder)
    files = {k: write(nation, s, k, nation.opens_on, ON, folder) for k, s in BESIDE.items()}
    with duckdb.connect() as connection:
        for kind, record in stored_records().items():
            connection.register(f"no_{kind}", record.arrow_schema.empty_table())
        none = {kind: f"no_{kind}" for kind in stored_records()}
        beside = {kind: f"read_parquet('{path}')" for kind, path in files.items()}
        yield Place(connection, {**none, **beside, **relations(lake)})


@pytest.fixture(scope="module")
def seen(place: Place) -> pa.Table:
    return detect(place.connection, place.relations, NIGHT)


def test_the_columns_that_a_system_fills_in_are_found(seen: pa.Table) -> None:
    found = {(r["source_id"], r["detector"]) for r in seen.to_pylist() if r["is_found"]}
    names = ("filed_on_portal_never", "vneid_always", "digitised_constant")
    assert found == {(FILLER, name) for name in names}


@pytest.mark.parametrize("column", sorted(CONSTANTS))
def test_an_indicator_uses_a_column_where_its_counts_change_with_it(
    place: Place, column: str
) -> None:
    record = CONSTANTS[column]
    emptied = f"(SELECT * REPLACE (NULL AS {column}) FROM {place.relations[record]} AS whole)"
    before, after = place.counts(), place.counts(**{record: emptied})
    changed = {code for code in before if before[code] != after.get(code)}
    declared = [fed_by(d) for d in detectors().values() if d.column == column]
    assert changed == set().union(*declared)


def test_the_source_is_missing_from_exactly_those_indicators(place: Place, seen: pa.Table) -> None:
    left_out = not_fed(seen)
    assert set(left_out.values()) == {frozenset({FILLER})}
    counted = measure(place.connection, place.relations, NIGHT, left_out)
    before, after = place.counts(), by_indicator(counted)
    for code in before:
        of_filler = {row for row in before[code] if AREAS[FILLER] in row}
        assert before[code] - after[code] == (of_filler if code in left_out else set())
        assert after[code] <= before[code]
    assert {"verified_dossier_share", "digitised_share", "portal_match_rate"} <= set(left_out)


def test_coverage_tells_that_the_source_is_left_out(place: Place, seen: pa.Table) -> None:
    left_out = not_fed(seen)
    counted = measure(place.connection, place.relations, NIGHT, left_out)
    figures = observe(counted, reported(), NIGHT, "r", unfed(left_out)).to_pylist()
    shown = {
        (row["indicator"], row["area"]): (row["coverage"], row["status"], row["reason"])
        for row in figures
        if row["period"] == "2026-10" and row["borders"] == "34"
    }
    for code in left_out:
        assert shown[code, AREAS[FILLER]] == (0, "missing", "constant_column")
        assert shown[code, AREAS[HONEST]][0] == 1
        assert shown[code, NATION][0] == 0.5
    kept = {code for code, area in shown if area == AREAS[FILLER]} - set(left_out)
    assert {"on_time_rate", "online_submission_share", "satisfaction_rating_share"} <= kept
    assert {shown[code, AREAS[FILLER]][0] for code in kept} == {1}


def reported() -> pa.Table:
    """Both areas have reported all that any indicator needs."""
    streams = sorted({stream for i in indicators().values() for stream in i.streams})
    rows = [
        {"area": area, "stream": stream, "starts_on": OPENS, "complete_through": ON}
        for area in AREAS.values()
        for stream in streams
    ]
    return pa.Table.from_pylist(rows, REPORTING_SCHEMA)


def detection(source_id: str, name: str) -> dict[str, Any]:
    detector = detectors()[name]
    counts = {"cases": 200, "of": 200, "share": 1.0, "threshold": 1.0, "is_found": True}
    where = {"source_id": source_id, "area": sources()[source_id].area, "detector": name}
    return {**where, **counts, "kind": detector.kind, "column_name": detector.column}


def told(*found: dict[str, Any]) -> dict[str, frozenset[str]]:
    return not_fed(pa.Table.from_pylist(list(found), DETECTION_SCHEMA))


def test_gaming_and_what_is_not_found_change_no_figure() -> None:
    not_found = {**detection(FILLER, "channel_constant"), "is_found": False}
    assert told(not_found, detection(FILLER, "random_codes")) == {}


def test_ratings_that_say_nothing_leave_out_the_dossiers_that_they_would_judge() -> None:
    own = told(detection(FILLER, "rating_constant"))
    assert own["satisfaction_rating_share"] == own["dossier_satisfaction_share"] == {FILLER}
    portal = told(detection("cong_dvcqg_danh_gia", "rating_constant"))
    assert portal["satisfaction_rating_share"] == {"cong_dvcqg_danh_gia"}
    assert "gia_lai" in portal["dossier_satisfaction_share"]
    assert FILLER not in portal["dossier_satisfaction_share"]
    assert sources()["gia_lai"].area in unfed(portal)["area"].to_pylist()


def test_a_source_file_may_accept_what_is_true_there(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = {"digitised_constant": Deviation(reason="Đã số hóa toàn bộ hồ sơ từ 01/2026.")}
    changed = sources()[FILLER].model_copy(update={"accepted_deviations": why})
    monkeypatch.setitem(sources(), FILLER, changed)
    seen = detect(place.connection, place.relations, NIGHT).to_pylist()
    found = {row["detector"] for row in seen if row["is_found"]}
    assert found == {"filed_on_portal_never", "vneid_always"}
    [told] = [r for r in seen if (r["source_id"], r["detector"]) == (FILLER, *why)]
    assert told["share"] == 1


def test_what_a_source_file_accepted_until_a_day_is_found_again_after_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Deviation(reason="Đang chuyển dữ liệu cũ.", until=NIGHT.before.on)
    changed = sources()[FILLER].model_copy(
        update={"accepted_deviations": {"digitised_constant": ended}}
    )
    monkeypatch.setitem(sources(), FILLER, changed)
    seen = detect(place.connection, place.relations, NIGHT).to_pylist()
    assert "digitised_constant" in {row["detector"] for row in seen if row["is_found"]}


def test_no_dossiers_no_detections() -> None:
    with duckdb.connect() as connection:
        assert detect(connection, {}, NIGHT).num_rows == 0
