"""Small releases that wait: order, crashes, two at once, spoilt and withdrawn ones."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import motcua
from catalog import settings as catalog_settings
from catalog.errors import PublicationError
from catalog.night import LOCAL_ZONE
from catalog.release_calendar import due
from pipeline import stores
from pipeline.vintages import frozen
from pipeline.vintages.embargo import keep_apart, open_due, withdraw
from pipeline.vintages.manifest import Manifest
from tests.warehouse.samples import figures
from warehouse.files import Content

SECOND = dt.timedelta(seconds=1)
HOUR = due("2026-10")
EARLY, LATE = HOUR - SECOND, HOUR + SECOND
OLD, FIRST, AGAIN = "2026.09.1", "2026.10.1", "2026.10.2"


@pytest.fixture
def home(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home and a warehouse without any release."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", server)
    catalog_settings.settings.cache_clear()
    stores.warehouse.cache_clear()
    with stores.warehouse().engine.begin() as connection:
        for table in ("observation", "release"):
            connection.execute(sa.text(f"DELETE FROM mart.{table}"))
    yield tmp_path
    catalog_settings.settings.cache_clear()
    stores.warehouse.cache_clear()


def cut(release: str, after: str | None = None, night: str = "2026-11-05") -> Path:
    """A small release, kept apart."""
    told = Manifest(
        release=release, night=dt.date.fromisoformat(night), rulebook="", made_with={}, data={}
    ).after(after)
    content = Content(figures(release, {"H57": 7}), [], {}, {"release.json": told.text()})
    return keep_apart(release, content)


def in_mart() -> list[str]:
    with stores.warehouse().engine.connect() as connection:
        query = "SELECT DISTINCT release FROM mart.observation ORDER BY release"
        return list(connection.scalars(sa.text(query)))


def test_it_waits_through_the_last_second_and_is_public_in_the_next(home: Path) -> None:
    folder = cut(FIRST)
    assert open_due(EARLY) == []
    assert (frozen.public(), frozen.waiting(), in_mart()) == ([], [FIRST], [])
    kept = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert open_due(HOUR) == [FIRST]
    assert (frozen.public(), frozen.waiting(), in_mart()) == ([FIRST], [], [FIRST])
    opened = home / "published" / FIRST
    assert {file.name: file.read_bytes() for file in opened.iterdir()} == kept
    assert open_due(LATE) == []


def test_only_the_office_may_read_what_waits_whatever_the_folder_was(home: Path) -> None:
    (home / "embargoed").mkdir(mode=0o777)
    cut(FIRST)
    assert stat.S_IMODE((home / "embargoed").stat().st_mode) == 0o700
    open_due(HOUR)
    os.umask(usual := os.umask(0))
    assert stat.S_IMODE((home / "published" / FIRST).stat().st_mode) == 0o777 & ~usual


def test_they_open_in_order_and_one_that_cannot_stops_those_after_it(home: Path) -> None:
    cut(OLD)
    cut(FIRST, after=OLD)
    cut(AGAIN, after=FIRST)
    with (home / "embargoed" / FIRST / "observations.csv").open("a") as file:
        file.write("VN,100\n")
    with pytest.raises(PublicationError, match=r"2026.10.1 is not what was cut: observations.csv"):
        open_due(LATE)
    assert (frozen.public(), frozen.waiting()) == ([OLD], [FIRST, AGAIN])
    assert in_mart() == [OLD]


def test_what_can_never_be_public_may_be_withdrawn_after_the_hour_too(home: Path) -> None:
    cut(FIRST)
    cut(AGAIN, after=FIRST)
    (home / "embargoed" / FIRST / "SHA256SUMS").unlink()
    with pytest.raises(PublicationError, match="not what was cut: SHA256SUMS"):
        open_due(LATE)
    (home / "embargoed" / FIRST / "SHA256SUMS").write_text("")
    with pytest.raises(PublicationError, match=r"2026.10.2 starts from 2026.10.1"):
        withdraw(FIRST, LATE, "an", "spoilt")
    for release in (AGAIN, FIRST):
        withdraw(release, LATE, "an", "spoilt")
    assert frozen.waiting() == []


def test_an_opening_that_broke_off_half_way_is_ended_by_the_next(home: Path) -> None:
    cut(OLD)
    cut(FIRST, after=OLD)
    (home / "published").write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        open_due(LATE)
    assert in_mart() == [OLD]
    assert (frozen.public(), frozen.waiting()) == ([], [OLD, FIRST])
    (home / "published").unlink()
    assert open_due(LATE) == [OLD, FIRST]
    assert in_mart() == [OLD, FIRST]


def test_two_processes_that_open_at_once_open_each_release_once(home: Path) -> None:
    for number in range(1, 4):
        cut(f"2026.10.{number}", after=f"2026.10.{number - 1}" if number > 1 else None)
    words = ["-m", "motcua", "release", "open", "--at", LATE.isoformat(), "--json"]
    both = [subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE) for _ in range(2)]
    told = [json.loads(process.communicate()[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    opened = [row["release"] for rows in told for row in rows]
    assert opened == frozen.public() == in_mart() == ["2026.10.1", "2026.10.2", "2026.10.3"]


def test_what_starts_from_one_that_waits_longer_waits_with_it(home: Path) -> None:
    cut("2026.11.1")
    cut(FIRST, after="2026.11.1")
    assert open_due(LATE) == []
    assert open_due(due("2026-11")) == ["2026.11.1"]
    assert open_due(due("2026-11")) == [FIRST]


def test_a_withdrawn_one_is_gone_noted_and_its_number_is_not_used_again(home: Path) -> None:
    cut(FIRST)
    cut(AGAIN)
    withdraw(AGAIN, EARLY, "an", "số liệu Huế sai")
    assert not (home / "embargoed" / AGAIN).exists()
    assert frozen.next_id("2026-10") == "2026.10.3"
    with pytest.raises(PublicationError, match="there already"):
        cut(AGAIN)
    [told] = frozen.withdrawals()
    assert told == {
        "release": AGAIN, "at": "2026-11-10T08:59:59+07:00", "who": "an", "why": "số liệu Huế sai"
    }  # fmt: skip
    assert open_due(LATE) == [FIRST]
    withdraw(cut("2026.11.1").name, LATE, "binh", "again")
    assert [told["release"] for told in frozen.withdrawals()] == [AGAIN, "2026.11.1"]


def test_a_withdrawal_that_broke_off_is_one_all_the_same(home: Path) -> None:
    folder = cut(FIRST)
    note = {"release": FIRST, "at": "2026-11-06T08:00:00+07:00", "who": "an", "why": "wrong"}
    (folder.parent / "withdrawn.jsonl").write_text(json.dumps(note) + "\n")
    assert (frozen.waiting(), frozen.next_id("2026-10")) == ([], AGAIN)
    assert open_due(LATE) == []
    assert not folder.exists()
    assert in_mart() == []


@pytest.mark.parametrize("release", [FIRST, "2026.10.9", "nightly-2026-11-05", "../published"])
def test_nothing_that_is_public_can_be_withdrawn_and_nothing_after_its_hour(
    home: Path, release: str
) -> None:
    cut(FIRST)
    with pytest.raises(PublicationError, match=r"hour of 2026.10.1 has come|no release"):
        withdraw(release, HOUR, "an", "wrong")
    open_due(HOUR)
    with pytest.raises(PublicationError, match="under embargo"):
        withdraw(release, EARLY, "an", "wrong")
    assert frozen.public() == [FIRST]
    assert frozen.withdrawals() == []


def test_a_release_that_starts_from_one_withdrawn_meanwhile_is_not_kept(home: Path) -> None:
    cut(FIRST)
    told = Manifest(
        release=AGAIN, night=dt.date(2026, 11, 5), rulebook="", made_with={}, data={}
    ).after(FIRST)
    withdraw(FIRST, EARLY, "an", "wrong")
    content = Content(figures(AGAIN, {"H57": 7}), [], {}, {"release.json": told.text()})
    with pytest.raises(PublicationError, match=r"no release '2026.10.1'"):
        keep_apart(AGAIN, content)
    assert frozen.waiting() == []


def asked(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(motcua.app, ["release", *words])
    return done.exit_code, done.output


def test_the_office_lists_what_waits_and_opens_it(home: Path) -> None:
    cut(FIRST)
    _, told = asked("list", "--waiting", "--json")
    [row] = json.loads(told)
    assert (row["release"], row["public_from"]) == (FIRST, "09:00 10/11/2026")
    assert json.loads(asked("list", "--json")[1]) == []
    at = EARLY.astimezone(LOCAL_ZONE).replace(tzinfo=None).isoformat()
    assert asked("open", "--at", at, "--json") == (0, "[]\n")
    assert asked("open", "--at", "2026-11-10T02:00:00+00:00", "--json")[0] == 0
    assert [row["release"] for row in json.loads(asked("list", "--json")[1])] == [FIRST]


def test_withdrawing_asks_why_and_notes_who(home: Path) -> None:
    cut(FIRST)
    assert asked("withdraw", FIRST)[0] == asked("withdraw", FIRST, "--why", " ")[0] == 2
    early = EARLY.isoformat()
    assert asked("withdraw", FIRST, "--why", "sai", "--at", early)[0] == 0
    [told] = frozen.withdrawals()
    assert told["why"] == "sai"
    assert told["who"]
    code, output = asked("withdraw", FIRST, "--why", "sai", "--at", early)
    assert code == 2
    assert "no release '2026.10.1' is under embargo" in output


def test_nobody_says_what_time_it_is_outside_the_demonstration(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut("2035.10.1")
    monkeypatch.setenv("MOTCUA_DEMO", "false")
    catalog_settings.settings.cache_clear()
    code, _ = asked("open", "--at", "2035-12-01T00:00")
    assert code == 2
    assert asked("open", "--json") == (0, "[]\n")
    assert frozen.waiting() == ["2035.10.1"]


def test_the_calendar_is_told_as_json_and_as_icalendar(home: Path) -> None:
    file = home / "releases.ics"
    code, told = asked("calendar", "--on", "2026-11-05", "--json", "--ics", str(file))
    rows: list[dict[str, Any]] = json.loads(told)
    assert code == 0
    assert rows[0] == {
        "month": "2026-10", "at": "2026-11-10T09:00:00+07:00", "reason_vi": "", "reason_en": ""
    }  # fmt: skip
    assert len(rows) == file.read_bytes().count(b"BEGIN:VEVENT\r\n") == 12
