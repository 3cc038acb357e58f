"""What the pipeline says about itself after five nights is exactly what was put into its folders,
and when (see `folders`)."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import pipeline
from catalog.night import Night
from catalog.records import OWN, own_records, records
from motcua.clock import now
from pipeline.releases import figures
from pipeline.stores import lake, landing, warehouse
from stack.postgres import stop_embedded
from tests.night.conftest import forget
from tests.night.expected import query, state_of_everything
from tests.night.folders import (
    FRIDAY,
    MONDAY,
    NIGHTS,
    NOVEMBER,
    SATURDAY,
    SOURCES,
    SUNDAY,
    TUESDAY,
    prepare,
)

QUARTER = "2026-Q4"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The home folder after the five nights."""
    with tempfile.TemporaryDirectory(prefix="motcua-own-") as place:
        folder = Path(place)
        (folder / "sources").mkdir()
        for source_id, text in SOURCES.items():
            (folder / "sources" / f"{source_id}.yml").write_text(text, encoding="utf-8")
        ours = {
            "MOTCUA_HOME": str(folder / "var"),
            "MOTCUA_SOURCES_DIR": str(folder / "sources"),
        }
        with pytest.MonkeyPatch.context() as patch:
            for name, value in ours.items():
                patch.setenv(name, value)
            forget()
            for on in NIGHTS:
                prepare(folder / "var", on)
                pipeline.night(on, now)
            yield folder / "var"
            stop_embedded(folder / "var" / "postgres")
        forget()


def figure(code: str, area: str, period: str, as_of: dt.date = TUESDAY) -> tuple[Any, Any]:
    [row] = figures(code, area, period, as_of)
    return row["numerator"], row["denominator"]


def test_the_nights_ended_as_scripted(home: Path) -> None:
    bad = {
        (row["source_id"], row["batch_on"], row["verdict"])
        for row in warehouse().ledger()
        if row["verdict"] in ("failed", "held")
    }
    assert bad == {
        ("mot_tep", str(FRIDAY), "failed"),
        ("hai_phong", str(SATURDAY), "failed"),
        ("hue", str(SUNDAY), "held"),
    }


@pytest.mark.parametrize(
    ("as_of", "area", "merged", "expected"),
    [
        (FRIDAY, "VN", 3, 4),
        (SATURDAY, "VN", 7, 8),
        (SATURDAY, "H24", 1, 2),
        (SATURDAY, "H17", 2, 2),
        (SUNDAY, "H24", 3, 3),
        (SUNDAY, "VN", 10, 11),
        (MONDAY, "VN", 14, 15),
        (MONDAY, "G22", 0, 1),
        (TUESDAY, "VN", 15, 15),
        (TUESDAY, "G22", 1, 1),
    ],
)
def test_what_was_not_reported_is_reported_once_it_has_come(
    home: Path, as_of: dt.date, area: str, merged: int, expected: int
) -> None:
    assert figure("reporting_rate", area, NOVEMBER, as_of) == (merged, expected)


@pytest.mark.parametrize(
    ("area", "on_time", "expected"), [("H26", 4, 4), ("H24", 3, 4), ("H57", 3, 4), ("H17", 1, 2)]
)
def test_late_is_never_timely(home: Path, area: str, on_time: int, expected: int) -> None:
    assert figure("timeliness_rate", area, NOVEMBER) == (on_time, expected)
    assert figure("timeliness_rate", "VN", NOVEMBER) == (11, 14)


def test_a_return_has_no_deadline_to_keep(home: Path) -> None:
    assert figure("timeliness_rate", "G22", NOVEMBER) == (0, 0)


def test_every_row_received_is_in_one_of_four_shares(home: Path) -> None:
    shares = ("data_quality_share", "quarantined_share", "rejected_share", "duplicate_share")
    told = [figure(code, "H26", QUARTER) for code in shares]
    assert told == [(11, 17), (4, 17), (1, 17), (1, 17)]
    assert figure("data_quality_share", "H57", QUARTER) == (13, 13)
    nation = [figure(code, "VN", QUARTER) for code in shares]
    assert {received for _, received in nation} == {sum(part for part, _ in nation)}
    assert figure("data_quality_share", "G22", QUARTER) == (1, 1)


@pytest.mark.parametrize(
    ("as_of", "area", "still_open", "found"),
    [
        (FRIDAY, "VN", 1, 1),
        (SATURDAY, "VN", 2, 2),
        (SUNDAY, "VN", 2, 3),
        (SUNDAY, "H26", 1, 2),
        (SUNDAY, "H57", 1, 1),
        (MONDAY, "VN", 0, 3),
    ],
)
def test_a_problem_is_open_until_its_last_record_is_right(
    home: Path, as_of: dt.date, area: str, still_open: int, found: int
) -> None:
    assert figure("open_problem_count", area, NOVEMBER, as_of) == (still_open, found)


def test_time_to_fix_is_counted_in_working_days(home: Path) -> None:
    """Friday to Sunday: none; Saturday to Monday and Sunday to Monday: one each."""
    assert figure("time_to_fix", "H26", NOVEMBER, SUNDAY) == (0, 1)
    assert figure("time_to_fix", "H26", NOVEMBER) == (1, 2)
    assert figure("time_to_fix", "H57", NOVEMBER) == (1, 1)
    assert figure("time_to_fix", "VN", NOVEMBER) == (2, 3)


def test_they_are_covered_wherever_a_source_is(home: Path) -> None:
    [nation] = figures("reporting_rate", "VN", NOVEMBER, TUESDAY)
    assert nation["coverage"] == 1.0
    [silent] = figures("time_to_fix", "H24", NOVEMBER, TUESDAY)
    assert (silent["status"], silent["coverage"]) == ("no_data", 1.0)


def test_they_lie_in_the_lake_in_postgres_and_as_landed(home: Path) -> None:
    for kind, record in own_records().items():
        with duckdb.connect() as connection:
            held = connection.sql(
                f"SELECT count(*), sum(content_hash) FROM {lake().current(record)}"
                f" WHERE source_id = '{OWN}'"
            ).fetchall()
        assert query(f"SELECT count(*), sum(content_hash) FROM record.{kind}") == held
        assert held[0][0] > 0
        manifest = landing().manifest(Night(FRIDAY).batch_id(OWN, kind))
        assert manifest
        [page] = manifest["pages"]
        assert landing().read(page["sha256"]).count(b"\n") == page["rows"] > 0


def test_an_earlier_night_is_known_as_it_was(home: Path) -> None:
    delivery = records()["delivery"]
    with duckdb.connect() as connection:
        state = lake().current_as_of(delivery, Night(SATURDAY))
        late = f"FROM {state} WHERE delivery_code = 'hai_phong.rating.{SATURDAY}'"
        assert connection.sql(f"SELECT merged_on, verdict {late}").fetchall() == [(None, "failed")]


@pytest.mark.parametrize("on", [SATURDAY, MONDAY, TUESDAY])
def test_merging_a_night_again_changes_nothing(home: Path, on: dt.date) -> None:
    before = state_of_everything(home)
    pipeline.merge(on)
    after = state_of_everything(home)
    assert {k for k in before | after if before.get(k) != after.get(k)} == set()
