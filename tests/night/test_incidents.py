"""Twelve nights of a small country: one system that is down and then sends nothing, and one folder
whose rows are wrong, get worse, are mended and turn wrong again; in between people answer."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import pipeline
from catalog.errors import ActionRefused, SourceError
from catalog.incidents import Action, Event, Incident
from catalog.sources import Volume, sources
from extractors import web
from motcua import app
from motcua.clock import now
from pipeline.incidents import act, incidents, note_told, update
from pipeline.stores import warehouse
from tests.night.expected import query
from tests.night.folders import NEXT_YEAR, RATINGS, drop, rating

DOSSIERS = 6_000
SOURCES = {"hue"}
HUE, FOLDER = "hue", "ha_noi_so"
NIGHTS = [dt.date(2026, 11, 18) + dt.timedelta(days=n) for n in range(12)]
WRONG = f"{FOLDER}/rating/rated_in_future"
REJECTED = f"{FOLDER}/rating/rejected:unknown_code/muc"
GONE = f"{FOLDER}/rating/not_arrived"
DOWN, EMPTY = (1, 2), 5
OFFICE, PROVINCE = "văn phòng", "tổ dữ liệu Hà Nội"

pytestmark = pytest.mark.slow


def lines(number: int) -> list[str]:
    """What the folder's new file of a night says: ten fine rows, and the story."""
    on, unit = NIGHTS[number], "H26.01"
    fine = [rating(unit, 100 * (number + 1) + n, on) for n in range(10)]
    story = {
        0: [rating(unit, n, on, NEXT_YEAR) for n in (1, 2, 3)] + [rating(unit, 90, on, muc="vua")],
        2: [rating(unit, n, on, NEXT_YEAR) for n in range(4, 12)],
        3: [rating(unit, 90, on)],
        4: [rating(unit, n, on) for n in range(6, 12)],
        9: [rating(unit, n, on) for n in range(1, 6)],
        10: [rating(unit, 1, on, NEXT_YEAR)],
    }
    return fine + story.get(number, [])


def answer(number: int, kind: str, by: str, note: str = "", until: int | None = None) -> Action:
    """Said on the morning of that night's day."""
    at = dt.datetime.combine(NIGHTS[number], dt.time(2), dt.UTC)
    day = None if until is None else NIGHTS[until]
    return Action(WRONG, kind, at, by, note, day)  # type: ignore[arg-type]


ANSWERS = {
    4: answer(4, "acknowledged", PROVINCE, until=6),
    8: answer(8, "disputed", PROVINCE, "ngày của hệ thống khác"),
    11: answer(11, "accepted", OFFICE, "chờ nâng cấp phần mềm", 11),
}


def night(number: int) -> None:
    """All that a night does before it tells anybody."""
    on = NIGHTS[number]
    for source_id in (HUE, FOLDER):
        try:
            pipeline.collect(on, source_id)
            pipeline.conform(on, source_id)
            pipeline.judge(on, source_id)
        except SourceError:
            continue
    pipeline.merge(on)
    update(on)


@pytest.fixture(scope="module")
def season(country: Any) -> Any:
    """The country after its twelve nights."""
    text = RATINGS.format(area="H26", frequency="nightly", floor=0)
    (Path(os.environ["MOTCUA_SOURCES_DIR"]) / f"{FOLDER}.yml").write_text(text, encoding="utf-8")
    sources.cache_clear()
    volume = dict.fromkeys(sources()[HUE].records, Volume(floor=0, ceiling=100_000))
    volume["dossier"] = Volume(floor=1, ceiling=100_000)
    impatient = {"attempts": 1, "volume": volume, "reconciles_on_day": None}
    sources()[HUE] = sources()[HUE].model_copy(update=impatient)
    web.FIRST_WAIT = 0.01
    here = country.home / "drop" / FOLDER
    for number, on in enumerate(NIGHTS):
        drop(country.home, FOLDER, str(on), *lines(number))
        if number in DOWN:
            country.fault(HUE, kind="down")
        if number == EMPTY:
            country.fault(HUE, kind="empty_night")
        if number in ANSWERS:
            act(ANSWERS[number])
        if number == 6:
            shutil.move(here, country.home / "away")
        night(number)
        if number == 6:
            shutil.move(country.home / "away", here)
        country.no_fault(HUE)
    return country


def steps(incident_id: str) -> list[tuple[int, str, int]]:
    """What happened to it, but for what was told: the number of the night, the step, the rows."""
    lived = [e for e in incidents().events(incident_id) if e.kind not in ("notified", "escalated")]
    return [((e.night - NIGHTS[0]).days, e.kind, e.rows) for e in lived]


def stood(number: int) -> dict[str, Incident]:
    return {i.incident_id: i for i in incidents().read(through=NIGHTS[number])}


def test_wrong_rows_have_the_life_that_was_scripted(season: Any) -> None:
    assert steps(WRONG) == [
        (0, "opened", 3),
        (2, "worsened", 11),
        (4, "eased", 5),
        (4, "acknowledged", 11),
        (7, "lapsed", 5),
        (8, "disputed", 5),
        (9, "fixed", 0),
        (10, "reopened", 1),
        (11, "accepted", 1),
    ]
    assert steps(REJECTED) == [(0, "opened", 1), (3, "fixed", 0)]
    relapsed = stood(10)[WRONG]
    assert (relapsed.first_seen, relapsed.opened_on) == (NIGHTS[0], NIGHTS[10])
    assert relapsed.suffixes == ("0001",)


def test_a_night_without_the_source_hides_its_rows_and_changes_nothing(season: Any) -> None:
    assert steps(GONE) == [(6, "opened", 1), (7, "fixed", 0)]
    before, hidden, later = (stood(number)[WRONG] for number in (5, 6, 7))
    assert (hidden.inhibited_by, later.inhibited_by) == (GONE, "")
    assert (hidden.state, hidden.rows, hidden.last_seen) == ("acknowledged", 5, NIGHTS[5])
    assert before.rows == later.rows == 5


def test_of_a_system_that_is_down_one_incident_is_told(season: Any) -> None:
    down = [i for i in stood(DOWN[0]).values() if i.incident_id.endswith("not_arrived")]
    down = [i for i in down if i.fingerprint.source_id == HUE]
    assert len(down) == len(sources()[HUE].records) > 1
    [told] = [i for i in down if not i.inhibited_by]
    assert {i.inhibited_by for i in down} == {"", told.incident_id}
    assert steps(told.incident_id) == [(1, "opened", 1), (3, "fixed", 0)]
    open_then = {n: i for n, i in stood(DOWN[1]).items() if n.startswith(HUE) and i.is_open}
    assert {n for n, i in open_then.items() if not i.inhibited_by} == {told.incident_id}
    assert len(open_then) > len(down)


def test_a_batch_that_is_held_is_one_incident(season: Any) -> None:
    assert steps(f"{HUE}/dossier/held") == [(EMPTY, "opened", 1), (EMPTY + 1, "fixed", 0)]
    ids = set(stood(11))
    assert not [i for i in ids if i.startswith(HUE) and ("volume" in i or "rating/held" in i)]


def everything() -> list[Any]:
    return [query(f"SELECT * FROM ops.{name} ORDER BY 1, 2, 3, 4, 5, 6") for name in
            ("incident", "incident_event")]  # fmt: skip


@pytest.mark.parametrize("number", [0, 2, 6, 11])
def test_running_a_night_again_changes_nothing(season: Any, number: int) -> None:
    before = everything()
    pipeline.merge(NIGHTS[number])
    update(NIGHTS[number])
    assert everything() == before


def test_what_was_told_is_noted_once_and_stays(season: Any) -> None:
    told = Event(WRONG, NIGHTS[2], "notified", 11)
    assert note_told([told]) == 1
    after = everything()
    assert note_told([told]) == 0
    update(NIGHTS[2])
    assert everything() == after
    assert stood(1)[WRONG].last_notified is None
    assert {stood(number)[WRONG].last_notified for number in (2, 5, 11)} == {NIGHTS[2]}


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_line_lists_and_shows(season: Any) -> None:
    rows = json.loads(run("incidents", "--source", FOLDER, "--state", "accepted", "--json"))
    assert [(row["incident_id"], row["rows"], row["is_task"]) for row in rows] == [
        (WRONG, 1, False)
    ]
    assert "rated_in_future" in run("incidents", "--source", FOLDER)
    shown = json.loads(run("incident", "show", WRONG, "--json"))
    assert [event["kind"] for event in shown["events"]][:2] == ["opened", "worsened"]
    assert OFFICE in run("incident", "show", WRONG)
    run("incident", "show", "nothing", code=2)
    run("incidents", "--state", "gone", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ("dispute", WRONG, "--by", PROVINCE, "--note", "chỉ văn phòng được đổi"),
        ("dispute", GONE, "--by", PROVINCE, "--note", "đã sửa rồi"),
        ("dispute", "nothing", "--by", PROVINCE, "--note", "không có"),
        ("acknowledge", WRONG, "--by", PROVINCE),
        ("accept", WRONG, "--by", OFFICE, "--until", "2026-12-31"),
        ("accept", WRONG, "--by", OFFICE, "--note", " ", "--until", "2026-12-31"),
        ("accept", WRONG, "--by", OFFICE, "--note", "cũ", "--until", "2026-01-31"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused(season: Any, words: tuple[str, ...]) -> None:
    before = everything()
    run("incident", *words, "--at", "2026-11-29T20:00", code=2)
    assert everything() == before


def test_an_answer_is_seen_at_once_and_counted_by_the_next_night(season: Any) -> None:
    said = ("--by", OFFICE, "--note", "gia hạn", "--until", "2026-12-31")
    told = run("incident", "accept", WRONG, *said, "--at", "2026-11-29T20:00")
    assert "gia hạn" in told
    with pytest.raises(ActionRefused, match="nothing would change"):
        act(Action(WRONG, "acknowledged", dt.datetime(2026, 11, 30, tzinfo=dt.UTC), "ai", "",
                   NIGHTS[11] + dt.timedelta(days=9)))  # fmt: skip
    update(NIGHTS[11])
    [now] = [i for i in incidents().read() if i.incident_id == WRONG]
    assert (now.state, now.until) == ("accepted", dt.date(2026, 12, 31))
    assert stood(11)[WRONG].until == NIGHTS[11]


def test_notifying_brings_them_up_to_date_first(season: Any) -> None:
    on = NIGHTS[10]
    with warehouse().engine.begin() as connection:
        forgotten = "DELETE FROM ops.incident_event WHERE night = :on AND origin = 'night'"
        connection.execute(sa.text(forgotten), {"on": on})
    pipeline.notify(on, now)
    assert (10, "reopened", 1) in steps(WRONG)
