"""From a published figure to what it is made of, what is not in it, and the pages as landed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from catalog.night import Night
from catalog.records import records, stored_records
from pipeline.batch import night_folder
from pipeline.explain import explain
from pipeline.explain.made_of import left_out, made_of
from pipeline.explain.published import find_published
from pipeline.releases import release_id
from pipeline.stores import landing, state
from tests.explain.conftest import DOWN, FIGURES, NIGHTS
from tests.night.expected import query
from transforms.indicators import measure, observe
from transforms.indicators.living import living_relations
from transforms.indicators.runners import DuckDBRunner

pytestmark = pytest.mark.slow
NIGHT = Night(NIGHTS[-1])
REPLAYED = ("online_submission_share", "on_time_rate", "pending_count", "overdue_count")
REPLAYED += ("form06_11_pending_total", "digitised_share", "satisfaction_rating_share")


@pytest.mark.parametrize("figure", FIGURES, ids="-".join)
def test_every_breakdown_adds_up_to_the_figure(told: Any, figure: tuple[str, str, str]) -> None:
    facts = explain(*figure)
    rows, was = facts["rows"], facts["figure"]
    assert rows["adds_up"] is (None if was["status"] == "withheld" else True)
    assert rows["denominator"] > 0
    exact = set(rows["by"]) if facts["evidence"]["is_exact"] else set(rows["by"]) - {"batch"}
    for by in exact:
        for name in ("numerator", "denominator"):
            assert sum(row[name] for row in rows["by"][by]) == rows[name], by


def test_sources_and_nights_are_those_that_sent_the_counted_versions(told: Any) -> None:
    rows = explain("on_time_rate", "VN", "all")["rows"]["by"]
    assert {row["value"] for row in rows["source"]} == {"hue", "cao_bang", DOWN}
    assert {row["value"] for row in rows["night"]} == {str(on) for on in NIGHTS}
    assert f"{DOWN}.dossier.{NIGHTS[0]}" in {row["value"] for row in rows["batch"]}
    assert f"{DOWN}.dossier.{NIGHTS[1]}" not in {row["value"] for row in rows["batch"]}


def test_an_earlier_release_is_explained_by_what_was_known_then(told: Any) -> None:
    facts = explain("pending_count", "H57", "all", as_of=NIGHTS[0])
    assert facts["figure"]["release"] == release_id(Night(NIGHTS[0]))
    assert facts["rows"]["adds_up"] is True
    assert {row["value"] for row in facts["rows"]["by"]["night"]} == {str(NIGHTS[0])}
    assert (
        facts["rows"]["denominator"] < explain("pending_count", "H57", "all")["rows"]["denominator"]
    )


def with_quarantine() -> dict[str, tuple[int, int]]:
    """Indicator -> the nation's figure over all time, had every quarantined row been merged."""
    expected = pq.read_table(night_folder(NIGHT.on) / "reporting.parquet", partitioning=None)
    with duckdb.connect() as connection:
        for kind, record in stored_records().items():
            rows = [
                row
                for (row,) in query(
                    "SELECT row FROM ops.finding WHERE record = :kind AND severity = 'error'"
                    " AND state = 'open' AND row IS NOT NULL",
                    kind=kind,
                )
            ]
            columns = ", ".join(record.columns)
            connection.execute(
                f"CREATE TABLE {kind} AS SELECT {columns} FROM {state(record, NIGHT)} AS state"
            )
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"INSERT INTO {kind} ({names}) VALUES ({marks})", list(row.values())
                )
            connection.execute(f"""
                CREATE OR REPLACE TABLE {kind} AS FROM {kind} QUALIFY rank() OVER (
                    PARTITION BY key_hash ORDER BY version_at DESC, batch_on DESC, content_hash DESC
                ) = 1""")
            for name, source in record.first_seen_fields.items():
                connection.execute(f"UPDATE {kind} SET {name} = coalesce({name}, {source})")
            connection.execute(f"CREATE OR REPLACE TABLE {kind} AS SELECT DISTINCT * FROM {kind}")
        measures = measure(connection, {kind: kind for kind in stored_records()}, NIGHT)
    figures = observe(measures, expected, NIGHT, "with").to_pylist()
    return {
        f["indicator"]: (f["numerator"], f["denominator"])
        for f in figures
        if (f["area"], f["period"], f["borders"]) == ("VN", "all", "34")
    }


def test_quarantined_rows_would_change_the_figure_exactly_as_merging_them_would(told: Any) -> None:
    merged, changed = with_quarantine(), set[str]()
    for code in REPLAYED:
        facts = explain(code, "VN", "all")
        with_them = facts["not_in_it"]["quarantined"]
        assert (with_them["numerator_with"], with_them["denominator_with"]) == merged[code]
        if merged[code] != (facts["rows"]["numerator"], facts["rows"]["denominator"]):
            changed.add(code)
            told_by = sum(check["denominator"] for check in with_them["checks"])
            assert told_by == merged[code][1] - facts["rows"]["denominator"]
    assert changed


def test_the_quarantine_of_an_earlier_release_is_what_was_open_then(told: Any) -> None:
    refused = "SELECT count(DISTINCT record_key) FROM ops.finding WHERE record = 'dossier'"
    refused += " AND severity = 'error' AND record_key IS NOT NULL"
    [(then,)] = query(f"{refused} AND batch_on <= :on", on=NIGHTS[0])
    [(now,)] = query(f"{refused} AND state = 'open'")
    assert then > 0
    for as_of, rows in ((NIGHTS[0], then), (None, now)):
        facts = explain("on_time_rate", "VN", "all", as_of=as_of)
        assert facts["not_in_it"]["quarantined"]["rows"] == rows


def test_rejects_are_counted_by_column_and_reason(told: Any) -> None:
    facts = explain("on_time_rate", "H57", "all")
    found = query(
        "SELECT field, reason, count(*) FROM ops.reject WHERE source_id = 'hue'"
        " AND record = 'dossier' GROUP BY 1, 2"
    )
    told_of = {(r["field"], r["reason"]): r["rows"] for r in facts["not_in_it"]["rejected"]}
    assert told_of == {(field, reason): rows for field, reason, rows in found}
    october = explain("on_time_rate", "H57", "2026-10")["not_in_it"]["rejected"]
    assert {row["in_period"] for row in october} <= {0}


def test_a_system_that_was_down_is_named_as_the_reason_for_coverage(told: Any) -> None:
    facts = explain("on_time_rate", "VN", "2026-11")
    [failed] = facts["not_in_it"]["not_merged"]
    assert (failed["batch_id"], failed["verdict"]) == (f"{DOWN}.dossier.{NIGHTS[1]}", "failed")
    assert failed["made_up_on"] is None
    reaches = {row["source_id"]: row["reaches_the_end"] for row in facts["coverage"]}
    assert reaches == {"hue": True, "cao_bang": True, DOWN: False}
    assert facts["figure"]["coverage"] == pytest.approx(2 / 3)


def test_a_source_that_must_not_feed_is_left_out_and_told(told: Any) -> None:
    published = find_published("on_time_rate", "H57", "all", None)
    apart = replace(published, not_fed={"on_time_rate": frozenset({"hue"})})
    with duckdb.connect() as connection:
        relations = {"dossier": state(records()["dossier"], NIGHT)}
        living = living_relations(DuckDBRunner(connection), relations, NIGHT)
        whole, fed = (made_of(connection, p, living) for p in (published, apart))
        [out] = left_out(connection, apart, living)
    assert (out["value"], out["reason"]) == ("hue", "constant_column")
    assert out["denominator"] > 0
    assert fed["denominator"] + out["denominator"] == whole["denominator"]
    assert (whole["adds_up"], fed["adds_up"]) == (True, False)


@pytest.fixture
def blobs(told: Any) -> Iterator[Path]:
    """Where the pages lie; put back as they were afterwards."""
    folder = told.home / "landing" / "blobs"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield folder
    for path, content in before.items():
        path.write_bytes(content)


def test_every_page_behind_the_figure_is_verified_byte_for_byte(told: Any) -> None:
    facts = explain("on_time_rate", "H57", "all")
    pages = [page for batch in facts["evidence"]["batches"] for page in batch["pages"]]
    assert {page["state"] for page in pages} == {"verified"}
    counted = sum(page["records_counted"] for page in pages)
    assert counted == facts["rows"]["records_in_denominator"]
    assert facts["evidence"]["records_without_page"] == 0
    for batch in facts["evidence"]["batches"]:
        listed = landing().manifest(batch["batch_id"])
        assert listed
        assert [p["sha256"] for p in batch["pages"]] == [p["sha256"] for p in listed["pages"]]


def test_a_page_that_is_gone_or_was_changed_is_told(told: Any, blobs: Path) -> None:
    def states() -> dict[str, int]:
        found: dict[str, int] = explain("on_time_rate", "H57", "all")["evidence"]["pages"]
        return found

    whole = states()
    facts = explain("on_time_rate", "H57", "all")["evidence"]
    first, second = [page["sha256"] for batch in facts["batches"] for page in batch["pages"]][:2]
    (blobs / first[:2] / first).unlink()
    changed = blobs / second[:2] / second
    changed.write_bytes(changed.read_bytes()[:-1] + b"\0")
    found = states()
    assert (found["missing"], found["damaged"]) == (1, 1)
    assert found["verified"] == whole["verified"] - 2
