"""A release of a real little lake, cut before its hour: whole, apart, and the same once public."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from publication.release import releases
from tests.vintages.conftest import Land, dossiers
from warehouse.postgres import Warehouse
from warehouse.tables import metadata

pytestmark = pytest.mark.slow
NIGHT, NEXT = "11-05", "11-06"
FIRST, SECOND = "2026.10.1", "2026.10.2"
BEFORE, HOUR, AFTER = "2026-11-10T08:59", "2026-11-10T09:00", "2026-11-11T15:00"
CUT = ("-m", "motcua", "release", "cut", "2026-10", "--yes", "--at")
HUE = ("hue", "dossier")


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def in_mart(land: Land, release: str) -> dict[str, int]:
    """Table of ``mart`` -> rows of that release."""
    tables = [t for t in metadata.tables.values() if t.schema == "mart" and "release" in t.c]
    with Warehouse(land.url).engine.connect() as connection:
        counted = {
            table.name: connection.scalar(
                sa.select(sa.func.count()).select_from(table).where(table.c.release == release)
            )
            for table in tables
        }
    return {name: rows for name, rows in counted.items() if rows}


@pytest.fixture(scope="module")
def office(land: Land) -> Land:
    """What has a release of October, cut a day after a night and days before its hour; then another
    night, which brings more of October."""
    land.night(NIGHT, {HUE: dossiers("H57", range(60))})
    told = land.run(*CUT, "2026-11-06T08:00").stdout
    assert "2026.10.1 is due at 09:00 10/11/2026: under embargo until then" in told
    return land


@pytest.fixture(scope="module")
def kept(office: Land) -> dict[str, bytes]:
    return content(office.home / "embargoed" / FIRST)


def test_it_is_whole_and_readable_by_the_office_alone(office: Land, kept: dict[str, bytes]) -> None:
    assert (office.home / "embargoed").stat().st_mode & 0o777 == 0o700
    assert set(kept) >= {*content(office.folder(NIGHT)), "release.json", "SHA256SUMS"}
    [waiting] = office.json("release", "list", "--waiting")
    assert (waiting["release"], waiting["night"]) == (FIRST, f"2026-{NIGHT}")


def assert_unseen(office: Land) -> None:
    published = office.home / "published"
    assert FIRST not in {row["release"] for row in office.json("release", "list")}
    assert FIRST not in {release.id for release in releases(published)}
    assert published.joinpath("latest").readlink().name.startswith("nightly-")
    assert not [path for path in published.rglob("*") if FIRST in str(path)]
    assert not [f for f in published.rglob("*.json") if FIRST in f.read_text(encoding="utf-8")]
    assert in_mart(office, FIRST) == {}


def test_no_public_reader_sees_it(office: Land, kept: dict[str, bytes]) -> None:
    assert_unseen(office)
    figures = office.json("indicator", "on_time_rate", "--period", "2026-10")
    assert {row["release"] for row in figures} == {f"nightly-2026-{NIGHT}"}


def test_the_office_can_make_it_again_and_compare_it(office: Land, kept: dict[str, bytes]) -> None:
    found = office.json("release", "reproduce", FIRST)
    assert (found["different"], found["reasons"]) == ([], [])
    assert len(found["same"]) == len(kept) - 1
    assert office.json("release", "diff", f"nightly-2026-{NIGHT}", FIRST) == []


def test_a_night_that_is_published_meanwhile_changes_nothing_of_it(
    office: Land, kept: dict[str, bytes]
) -> None:
    office.night(NEXT, {HUE: dossiers("H57", range(100, 120))})
    assert office.json("release", "open", "--at", BEFORE) == []
    assert content(office.home / "embargoed" / FIRST) == kept
    assert_unseen(office)


def test_a_second_cut_starts_from_the_first_and_waits_too(
    office: Land, kept: dict[str, bytes]
) -> None:
    office.run(*CUT, BEFORE)
    waiting = office.json("release", "list", "--waiting")
    assert [(row["release"], row["revises"]) for row in waiting] == [(FIRST, None), (SECOND, FIRST)]
    [rate] = [
        row
        for row in office.json("release", "diff", FIRST, SECOND)
        if (row["indicator"], row["area"], row["period"]) == ("on_time_rate", "H57", "2026-10")
        and row["borders"] == "34"
    ]
    assert (rate["denominator_before"], rate["denominator_after"]) == (60, 80)
    notice = (office.home / "embargoed" / SECOND / "corrections.vi.txt").read_text("utf-8")
    assert f"so với bản {FIRST}" in notice


def test_a_release_of_an_earlier_month_tells_nothing_of_what_waits_longer(office: Land) -> None:
    told = office.run(*CUT[:4], "2026-09", *CUT[5:], BEFORE).stdout
    assert "public at once" in told
    [early] = [r for r in office.json("release", "list") if r["release"] == "2026.09.1"]
    assert early["revises"] is None
    assert_unseen(office)


def test_at_its_hour_it_is_public_byte_for_byte_and_in_the_warehouse(
    office: Land, kept: dict[str, bytes]
) -> None:
    opened = office.json("release", "open", "--at", HOUR)
    assert [row["release"] for row in opened] == [FIRST, SECOND]
    folder = office.home / "published" / FIRST
    assert content(folder) == kept
    rows = {f.stem: pq.read_metadata(f).num_rows for f in folder.glob("*.parquet")}
    told = in_mart(office, FIRST)
    assert told.pop("release") == 1
    assert told.pop("observation") == rows.pop("observations") > 0
    only_files = {"reporting", "procedure", "areas", "definitions"}
    assert told == {name: rows[name] for name in rows.keys() - only_files if rows[name]}
    assert office.json("release", "list", "--waiting") == []
    assert {FIRST, SECOND} <= {row["release"] for row in office.json("release", "list")}
    assert office.json("release", "open", "--at", AFTER) == []


def test_one_cut_after_the_hour_is_public_at_once(office: Land, kept: dict[str, bytes]) -> None:
    told = office.run(*CUT, AFTER).stdout
    assert "public at once" in told
    [third] = [r for r in office.json("release", "list") if r["release"] == "2026.10.3"]
    assert third["revises"] == SECOND
    assert {"observation", "ranking", "release"} <= set(in_mart(office, "2026.10.3"))


def test_a_month_that_is_none_is_not_cut(office: Land) -> None:
    with pytest.raises(AssertionError, match="'2025-13' is not a month"):
        office.run(*CUT[:4], "2025-13", "--yes")
