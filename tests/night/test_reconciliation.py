"""Deletions: what a source no longer lists is gone from every figure, and nothing else is.

One season over a small country: a night; deletions; a night that compares no keys; one that does;
two on which one list is not to be believed; and dossiers that come back.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import duckdb
import pytest

import pipeline
from catalog.areas import NATION
from catalog.night import Night
from catalog.records import records
from catalog.sources import sources
from motcua.clock import now
from pipeline.stores import lake, warehouse
from simulator import Nation
from simulator.clock import ONE_DAY
from simulator.dossier import Dossier
from simulator.nation import local
from simulator.truth import Counts, truth
from tests.night.deletions import (
    DOUBTED,
    HANDLING,
    LISTING,
    NIGHTS,
    PORTAL,
    Key,
    Season,
    dead_after,
    played,
    received,
    reconcile_on,
)
from tests.night.expected import asked, measured, state_of_everything
from transforms.indicators import indicators

DOSSIERS = 50_000
SOURCES = {*HANDLING, PORTAL}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def season(country: Any) -> Season:
    return played(country)


@pytest.mark.parametrize("name", NIGHTS)
def test_exactly_what_is_no_longer_listed_is_dead(season: Season, name: str) -> None:
    assert season.endings[name] == pipeline.DONE
    assert season.lake[name] == season.postgres[name] == dead_after(season.chosen, name)


def without(nation: Nation, dead: set[Key]) -> Nation:
    """The same nation, had the dead dossiers never been."""
    other = Nation(nation.opens_on, nation.dossiers, nation.seed)
    other.asked_on.update(asked(nation).asked_on)
    codes = {code for _, code in dead}

    def born(source_id: str, day: dt.date) -> tuple[Dossier, ...]:
        return tuple(d for d in nation.born(source_id, day) if d.code not in codes)

    vars(other)["born"] = born
    return other


def of_dossiers(counts: Counts) -> Counts:
    return {k: v for k, v in counts.items() if indicators()[k[0]].record == "dossier"}


@pytest.mark.parametrize("name", NIGHTS)
def test_figures_about_dossiers_fall_by_exactly_the_dead(season: Season, name: str) -> None:
    on, nation = NIGHTS[name], season.country.nation
    expected = of_dossiers(truth(without(nation, dead_after(season.chosen, name)), on))
    found = of_dossiers(measured(on))
    assert {k: (v, found.get(k)) for k, v in expected.items() if found.get(k) != v} == {}
    assert not {k: v for k, v in found.items() if k not in expected and v != (0, 0)}


@pytest.mark.parametrize("name", NIGHTS)
def test_figures_about_ratings_stay(season: Season, name: str) -> None:
    expected, found = truth(season.country.nation, NIGHTS[name]), measured(NIGHTS[name])
    rated = {k: v for k, v in expected.items() if indicators()[k[0]].record == "rating"}
    assert rated
    assert {k: found.get(k) for k in rated if found.get(k) != rated[k]} == {}


@pytest.mark.parametrize("name", NIGHTS)
def test_what_the_portal_still_shows_of_the_dead_is_without_a_source(
    season: Season, name: str
) -> None:
    on, nation = NIGHTS[name], season.country.nation
    since, until = local(Night(nation.opens_on).before.cutoff), local(Night(on).cutoff)
    shown = {i.code: i for i in nation.window(PORTAL, "portal_dossier", since, until)}
    orphans = 0
    for _, code in dead_after(season.chosen, name):
        item = shown.get(code)
        is_old = item and item.subject.submitted_at <= until - 3 * ONE_DAY
        orphans += bool(is_old and item.state.received_at)
    number, whole = truth(nation, on)["portal_orphan_count", NATION, "all"]
    assert measured(on)["portal_orphan_count", NATION, "all"] == (number + orphans, whole)
    assert orphans or name in ("first", "unlisted")


def test_a_list_that_is_not_believed_is_told_by_month_and_costs_nothing_else(
    season: Season,
) -> None:
    on = NIGHTS["doubted"]
    rows = warehouse().ledger(on=on)
    turned = {r["source_id"]: r for r in rows if r["verdict"] in ("failed", "held")}
    assert turned.keys() == DOUBTED.keys()
    assert {row["record"] for row in turned.values()} == {"dossier_key"}
    for source_id in ("hue", "lao_cai"):
        told = turned[source_id]["problem"].split("; ")
        counts = [re.fullmatch(r"(2026-\d\d): (\d+) of (\d+) are not listed", t) for t in told]
        assert [c and c[1] for c in counts] == ["2026-09", "2026-10", "2026-11"]
        is_gone = [int(c[2]) / int(c[3]) for c in counts if c]
        assert min(is_gone) >= (1 if source_id == "hue" else 0.8)
    assert "503" in turned["ha_tinh"]["problem"]
    merged = {(r["source_id"], r["record"]) for r in rows if r["stage"] == "merge"}
    lists = {(source_id, "dossier_key") for source_id in HANDLING}
    own = {(s.source_id, record) for s in sources().values() for record in s.records}
    assert merged == own | lists - {(source_id, "dossier_key") for source_id in DOUBTED}
    for source_id in DOUBTED:
        outbox = season.country.home / "outbox" / str(on)
        [file] = outbox.glob(f"{sources()[source_id].area}.digest.*.txt")
        note = file.read_text("utf-8")
        assert "chưa đối chiếu hồ sơ đã xóa" in note
        assert "chưa cộng vào số liệu" not in note


def test_a_dossier_listed_and_sent_again_in_one_night_is_in_its_newest_version(
    season: Season,
) -> None:
    [(source_id, code)] = season.chosen.both
    until = local(Night(NIGHTS["again"]).cutoff)
    known = {dossier.code: dossier for dossier, _ in received(season.country.nation, source_id)}
    with duckdb.connect() as connection:
        state = lake().current_as_of(records()["dossier"], Night(NIGHTS["again"]))
        query = f"SELECT status, version_at FROM {state} AS s WHERE dossier_code = '{code}'"
        [(status, version_at)] = connection.sql(query).fetchall()
    newest = known[code].version_before(until)
    assert newest
    assert (status, local(version_at)) == (newest.status, newest.at)


def test_the_ledger_balances_at_every_stage(season: Season) -> None:
    rows = {(r["batch_id"], r["stage"]): r for r in warehouse().ledger()}
    assert {r["record"] for r in rows.values()} >= {"dossier_key"}
    for (batch_id, stage), row in rows.items():
        kept = row["accepted"] + row["quarantined"] + row["rejected"] + row["duplicate"]
        assert row["received"] == kept
        before = {"conform": "collect", "judge": "conform", "merge": "judge"}.get(stage)
        if before and (row["record"], stage) != ("dossier_key", "judge"):
            assert row["received"] == rows[batch_id, before]["accepted"]
    compared = {k: r for k, r in rows.items() if r["record"] == "dossier_key" and k[1] == "merge"}
    for (batch_id, _), row in compared.items():
        on = dt.date.fromisoformat(row["batch_on"])
        [name] = [name for name, night in NIGHTS.items() if night == on]
        before = list(NIGHTS)[list(NIGHTS).index(name) - 1]
        now, then = (dead_after(season.chosen, n) for n in (name, before))
        changed = {key for key in now ^ then if batch_id.startswith(f"{key[0]}.")}
        changed -= season.chosen.both if name == "again" else set()
        assert row["updated"] == row["accepted"] == len(changed)


@pytest.mark.parametrize("name", ["listed", "sent"])
def test_running_the_night_again_changes_nothing(season: Season, name: str) -> None:
    before = state_of_everything(season.country.home)
    reconcile_on(NIGHTS[name].day if name in LISTING else 1)
    assert pipeline.night(NIGHTS[name], now) == pipeline.DONE
    after = state_of_everything(season.country.home)
    assert {k for k in before | after if before.get(k) != after.get(k)} == set()
