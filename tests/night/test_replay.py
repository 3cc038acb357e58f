"""Rows turned away are judged again when a rule, a dialect or a person changes its mind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

import pipeline
from catalog.errors import DeclarationError
from catalog.night import Night
from catalog.records import records
from motcua import app
from pipeline import replays
from pipeline.releases import figures
from pipeline.replay import Chosen, Release, newest_night, release, replay
from pipeline.stores import lake, landing, warehouse
from tests.night.expected import query, state_of_everything
from tests.night.replaying import FRIDAY, HELD, SATURDAY, SUNDAY, UNIT, Replaying, country

BATCH = "ha_noi.rating.2026-11-27"
REPLAY = "ha_noi.rating.2026-11-29.replays.2026-11-27"
TONIGHT, TOMORROW = Night(SUNDAY), Night(SUNDAY.replace(day=30))
STILL_WRONG = {("rated_in_future", f"{UNIT}-261101-0021")}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Replaying]:
    """The country after three nights. The tests go on in the order of this file."""
    with country(nights=3) as made:
        yield made


def open_findings() -> set[tuple[str, str]]:
    rows = query(
        "SELECT check_id, record_key FROM ops.finding WHERE source_id = 'ha_noi'"
        " AND severity = 'error' AND state = 'open' AND record_key IS NOT NULL"
    )
    return {(row.check_id, row.record_key) for row in rows}


def ratings(condition: str) -> int:
    [(count,)] = duckdb.sql(
        f"SELECT count(*) FROM {lake().current(records()['rating'])} AS state WHERE {condition}"
    ).fetchall()
    return int(count)


def motcua(*words: str) -> Result:
    return CliRunner().invoke(app, ["quarantine", *words])


def files(home: Replaying) -> dict[str, Any]:
    return {k: v for k, v in state_of_everything(home.home).items() if "/published/" not in k}


def test_what_no_rule_has_changed_for_changes_nothing(home: Replaying) -> None:
    before = ratings("true")
    [line] = replay(TONIGHT, Chosen("ha_noi"))
    assert (line["received"], line["quarantined"], line["rejected"]) == (14, 12, 2)
    assert line["accepted"] == 0
    assert ratings("true") == before
    assert len(open_findings()) == 12


def test_a_dry_run_tells_and_writes_nothing(home: Replaying) -> None:
    home.no_longer_regret()
    before = files(home)
    [line] = replay(TONIGHT, Chosen(), is_dry_run=True)
    assert (line["received"], line["accepted"], line["quarantined"]) == (14, 11, 1)
    assert files(home) == before


def test_nights_and_checks_choose_what_is_judged_again(home: Replaying) -> None:
    def received(chosen: Chosen) -> int:
        return sum(line["received"] for line in replay(TOMORROW, chosen, is_dry_run=True))

    assert received(Chosen(why="dissatisfied")) == 11
    assert received(Chosen(why="rated_in_future")) == 1
    assert received(Chosen(why="unknown_code")) == 2
    assert received(Chosen(first=SATURDAY)) == 0
    assert received(Chosen(last=FRIDAY)) == 14
    assert received(Chosen(source_id="hue")) == 0


def test_the_night_takes_what_passes_now_and_its_sums_hold(home: Replaying) -> None:
    [line] = replay(TONIGHT, Chosen())
    assert line["batch_id"] == REPLAY
    assert (line["received"], line["accepted"], line["inserted"]) == (14, 11, 11)
    assert ratings("rating = 'dissatisfied'") == 11
    [row] = replays.of_night(SUNDAY)
    assert row["replays"] == BATCH
    assert row["received"] == row["accepted"] + row["quarantined"] + row["rejected"]


def test_what_was_resolved_is_closed_that_night_and_what_still_fails_is_open(
    home: Replaying,
) -> None:
    assert open_findings() == STILL_WRONG
    rows = query(
        "SELECT fixed_on, count(*) FROM ops.finding WHERE check_id = 'dissatisfied' GROUP BY 1"
    )
    assert {row.fixed_on: row.count for row in rows} == {SATURDAY: 1, SUNDAY: 11}


def test_a_row_that_a_newer_version_replaced_stays_replaced(home: Replaying) -> None:
    assert ratings(f"dossier_code = '{UNIT}-261101-0004' AND rating = 'satisfied'") == 1


def test_a_rejected_row_is_understood_by_the_dialect_of_today(home: Replaying) -> None:
    home.learn_a_word()
    [line] = replay(TONIGHT, Chosen(why="unknown_code"))
    assert (line["received"], line["accepted"], line["rejected"]) == (14, 12, 0)
    assert ratings("rating = 'very_satisfied'") == 1
    assert ratings("rating = 'dissatisfied'") == 11
    assert query("SELECT DISTINCT fixed_on FROM ops.reject") == [(SUNDAY,)]


def test_an_understood_row_that_a_check_refuses_is_found_on_that_night(home: Replaying) -> None:
    found = ("rated_in_future", f"{UNIT}-261101-0022")
    assert open_findings() == {*STILL_WRONG, found}
    [row] = query("SELECT batch_id, first_seen FROM ops.finding WHERE record_key = :k", k=found[1])
    assert tuple(row) == (REPLAY, SUNDAY)


def test_replaying_again_changes_nothing(home: Replaying) -> None:
    before = files(home)
    replay(TONIGHT, Chosen())
    assert files(home) == before


def test_the_night_run_again_keeps_what_it_took(home: Replaying) -> None:
    before = files(home)
    pipeline.judge(SUNDAY, "ha_noi")
    pipeline.merge(SUNDAY)
    assert files(home) == before


def test_the_next_night_judges_only_what_still_waits(home: Replaying) -> None:
    [line] = replay(TOMORROW, Chosen(), is_dry_run=True)
    assert (line["received"], line["quarantined"]) == (2, 2)


def test_how_the_nights_went_does_not_mention_replays(home: Replaying) -> None:
    assert {row["batch_id"] for row in warehouse().ledger(on=SUNDAY)} == {
        "ha_noi.rating.2026-11-29",
        HELD,
    }
    assert warehouse().history("ha_noi", "rating", TOMORROW)[0][0] == FRIDAY


def test_a_held_batch_is_released_by_a_person_who_says_why(home: Replaying) -> None:
    before = ratings("source_id = 'hue'")
    [line] = release(TONIGHT, HELD, Release("trực ban", "ngày nghỉ"))
    assert (line["received"], line["accepted"], line["inserted"]) == (3, 3, 3)
    assert ratings("source_id = 'hue'") == before + 3
    row = next(row for row in replays.of_night(SUNDAY) if row["replays"] == HELD)
    assert (row["released_by"], row["why"]) == ("trực ban", "ngày nghỉ")


def test_the_source_is_complete_and_asked_on_from_there(home: Replaying) -> None:
    assert warehouse().complete_through("hue", "rating", TONIGHT) == SUNDAY
    [row] = [r for r in warehouse().ledger(SUNDAY, "hue") if r["stage"] == "collect"]
    assert warehouse().cursor("hue", "rating", TOMORROW) == row["cursor_after"]
    assert warehouse().cursor("hue", "rating", TONIGHT) != row["cursor_after"]


def test_a_batch_is_released_once_and_only_where_it_is_held(home: Replaying) -> None:
    with pytest.raises(DeclarationError, match="released already"):
        release(TONIGHT, HELD, Release("ai đó", "lần nữa"))
    with pytest.raises(DeclarationError, match="is not held"):
        release(TONIGHT, BATCH, Release("ai đó", "nhầm"))
    with pytest.raises(DeclarationError, match="is no batch"):
        release(TONIGHT, "hue", Release("ai đó", "nhầm"))


def test_the_command_line_lists_shows_and_replays(home: Replaying) -> None:
    listed = json.loads(motcua("--source", "ha_noi", "--json").stdout)
    assert {row["check_id"] for row in listed} == {"rated_in_future"}
    assert json.loads(motcua("list", "--state", "closed", "--json").stdout)
    [row] = [row for row in listed if row["record_key"].endswith("0021")]
    told = json.loads(
        motcua("show", f"{row['page_sha256'][:10]}:{row['page_row']}", "--json").stdout
    )
    assert told == json.loads(motcua("show", row["record_key"], "--json").stdout)
    assert told[0]["title_en"] == "Rated in the future"
    assert told[0]["title_vi"]
    assert told[0]["page_is_kept"] is True
    assert motcua("show", "nothing").exit_code == 2
    done = motcua("replay", "--source", "ha_noi", "--on", f"{FRIDAY}..{SATURDAY}", "--json")
    assert done.exit_code == 0, done.output
    [line] = json.loads(done.stdout)
    assert (line["batch_id"], line["accepted"]) == (REPLAY, 12)
    [figure] = figures("satisfaction_rating_share", "H26", "2026-11", SUNDAY)
    assert figure["denominator"] == ratings("source_id = 'ha_noi'")
    assert motcua("release", BATCH, "--by", "a", "--why", "b").exit_code == 2


def test_where_the_bytes_are_gone_the_line_says_so_and_nothing_is_lost(home: Replaying) -> None:
    assert newest_night() == TONIGHT
    before, kept = ratings("true"), replays.of_night(SUNDAY)
    for page in (landing().manifest(BATCH) or {})["pages"]:
        sha256 = page["sha256"]
        Path(landing().folder / "blobs" / sha256[:2] / sha256).unlink()
    [line] = [line for line in replay(TONIGHT, Chosen("ha_noi")) if line["replays"] == BATCH]
    assert "is not in the landing area" in line["problem"]
    assert (ratings("true"), replays.of_night(SUNDAY)) == (before, kept)
